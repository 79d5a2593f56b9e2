package io.eventpipeline.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastResortTest {
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private boolean full = true;
  private int helped;
  private final LastResort cure =
      new LastResort(this::free, () -> helped++, Duration.ofSeconds(15), () -> now);

  private void free() throws IOException {
    if (full) {
      throw new IOException("full");
    }
  }

  @Test
  void helpsOnceAfterItsPatienceAndIsTriedAgain() throws Exception {
    for (int second = 0; second < 15; second++) {
      fails();
    }
    assertThat(helped).isZero();

    fails();
    fails();
    assertThat(helped).isOne();

    full = false;
    cure.apply();
    assertThat(helped).isOne();
  }

  private void fails() {
    assertThatThrownBy(cure::apply).isInstanceOf(IOException.class).hasMessage("full");
    now = now.plusSeconds(1);
  }
}
