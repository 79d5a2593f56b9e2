package io.eventpipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AckLaneTest {
  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final AckLane lane = new AckLane(turns::add);
  private final List<Integer> completed = new ArrayList<>();

  @Test
  void wakesTheEventLoopOnceForMany() {
    complete(0, 100);

    assertThat(turns).hasSize(1);
    turns.remove().run();
    assertThat(completed).hasSize(100);
    complete(100, 101);
    assertThat(turns).hasSize(1);
  }

  @Test
  void completesTheOthersWhenOneThrows() {
    complete(0, 1);
    lane.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    complete(1, 3);

    assertThatThrownBy(() -> turns.remove().run()).hasMessage("broken");
    assertThat(turns).hasSize(1);
    turns.remove().run();
    assertThat(completed).containsExactly(0, 1, 2);
    assertThat(turns).isEmpty();
  }

  @Test
  void givesTheEventLoopItsTurnAfterAThousand() {
    complete(0, AckLane.TURN_MAX + 1);

    turns.remove().run();
    assertThat(completed).hasSize(AckLane.TURN_MAX);
    assertThat(turns).hasSize(1);
    turns.remove().run();
    assertThat(completed)
        .containsExactlyElementsOf(IntStream.rangeClosed(0, AckLane.TURN_MAX).boxed().toList());
    assertThat(turns).isEmpty();
  }

  private void complete(int from, int to) {
    IntStream.range(from, to).forEach(number -> lane.execute(() -> completed.add(number)));
  }
}
