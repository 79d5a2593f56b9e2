package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(2);

  @Test
  void letsNoMoreThanSoManyInAtOnce() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                turns.take(
                    () -> {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      awaitQuietly(go);
                      inside.decrementAndGet();
                    });
                done.incrementAndGet();
              });
      thread.start();
      threads.add(thread);
    }
    await().until(() -> inside.get() == 2);
    await()
        .until(
            () -> threads.stream().filter(t -> t.getState() == Thread.State.WAITING).count() == 8);

    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most).hasValue(2);
    assertThat(done).hasValue(8);
  }

  @Test
  void givesTheTurnBackWhateverHappens() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  turns.take(
                      () -> {
                        throw new IOException("no");
                      }))
          .isInstanceOf(IOException.class);
    }
    AtomicInteger done = new AtomicInteger();
    turns.take(done::incrementAndGet);
    assertThat(done).hasValue(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
