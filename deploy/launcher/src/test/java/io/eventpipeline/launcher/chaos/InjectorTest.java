package io.eventpipeline.launcher.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InjectorTest {
  private final Queue<String> done = new ConcurrentLinkedQueue<>();
  private final List<Injected> injected = new ArrayList<>();
  private final PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);

  private Faults faults(Function<FaultKind, Faults.Cure> inject) {
    return new Faults() {
      @Override
      public Cure inject(Schedule.Planned fault) {
        return inject.apply(fault.kind());
      }

      @Override
      public Cure everything() {
        return () -> done.add("undo everything");
      }
    };
  }

  private static Schedule schedule(String kind, Duration lasts) {
    FaultKind planned = FaultKind.parse(kind).get(0);
    return new Schedule(List.of(new Schedule.Planned(planned, Duration.ZERO, lasts)));
  }

  @Test
  void undoesWhatItInjectedAfterItsTime() throws Exception {
    Faults faults =
        faults(
            kind -> {
              done.add("inject " + kind);
              return () -> done.add("undo " + kind);
            });

    new Injector(faults, out, injected::add).run(schedule("cut-kafka", Duration.ofMillis(100)));

    assertThat(done).containsExactly("inject cut-kafka", "undo cut-kafka", "undo everything");
    assertThat(injected).hasSize(1);
    assertThat(Duration.between(injected.get(0).begin(), injected.get(0).end()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(100));
  }

  @Test
  void undoesWhatItInjectedWhenItIsInterrupted() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch undone = new CountDownLatch(1);
    Faults faults =
        faults(
            kind -> {
              began.countDown();
              return undone::countDown;
            });
    Injector injector = new Injector(faults, out, injected::add);
    Thread run =
        new Thread(
            () -> {
              try {
                injector.run(schedule("pause-edge", Duration.ofHours(1)));
              } catch (InterruptedException e) {
                done.add("interrupted");
              }
            });
    run.start();
    began.await();

    run.interrupt();

    run.join();
    assertThat(undone.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(done).containsExactly("interrupted");
  }

  @Test
  void insistsOnUndoing() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Faults faults =
        faults(
            kind ->
                () -> {
                  if (tries.incrementAndGet() < 3) {
                    throw new IOException("not yet");
                  }
                });

    new Injector(faults, out, injected::add).run(schedule("refuse-parts", Duration.ZERO));

    assertThat(tries).hasValue(3);
    assertThat(injected.get(0).happened()).isTrue();
  }

  @Test
  void aDefectInAFaultEndsTheRun() {
    Faults faults =
        faults(
            kind -> {
              throw new IllegalStateException("no such thing");
            });

    assertThatThrownBy(
            () ->
                new Injector(faults, out, injected::add).run(schedule("kill-edge", Duration.ZERO)))
        .hasMessageContaining("no such thing");
  }
}
