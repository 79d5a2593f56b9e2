package io.eventpipeline.job.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<String> asked = new ArrayList<>();

  @Test
  void asksEachBackendUntilItHasAnsweredOnce() {
    WarmUp.of(List.of(failing("cold", 2), failing("warm", 0)));

    assertThat(asked).containsExactly("cold", "cold", "cold", "warm");
  }

  @Test
  void startsWithoutABackendThatIsAway() {
    WarmUp.of(List.of(failing("away", Integer.MAX_VALUE), failing("there", 0)));

    assertThat(asked).containsExactly("away", "away", "away", "there");
  }

  private Backend<String> failing(String name, int times) {
    return keys -> {
      asked.add(name);
      if (asked.stream().filter(name::equals).count() <= times) {
        throw new SocketTimeoutException("still connecting");
      }
      return Map.of();
    };
  }
}
