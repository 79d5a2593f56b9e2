package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.Service;
import io.eventpipeline.services.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComponentTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final NeverReady service = new NeverReady();
  private final Component component =
      new Component(
          service,
          null,
          new Console(new PrintStream(printed, true, StandardCharsets.UTF_8)),
          InstantSource.system());

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void isKilledWhileItsStartWaits() {
    CompletableFuture<Boolean> revival = CompletableFuture.supplyAsync(this::reviveAfterDeath);
    await().until(() -> component.service().pid().isPresent());
    long pid = service.pid().getAsLong();

    component.kill();

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(revival.join()).isFalse();
    assertThat(printed).asString().contains("slow did not start: ended");
  }

  @Test
  void saysNothingOfAStartThatTheStopCutShort() {
    CompletableFuture<Boolean> revival = CompletableFuture.supplyAsync(this::reviveAfterDeath);
    await().until(() -> component.service().pid().isPresent());

    component.retire();
    component.kill();

    assertThat(revival.join()).isFalse();
    assertThat(printed).asString().doesNotContain("did not start");
    assertThat(component.state()).isEqualTo(ComponentState.STOPPING);
  }

  @Test
  void isNotKeptWaitingAfterItWasReplaced() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Boolean> revival = CompletableFuture.supplyAsync(this::reviveAfterDeath);
      await().until(() -> component.service().pid().isPresent());
      component.replace();
      assertThat(revival.join()).isFalse();
    }
    assertThat(component.mourn()).isEqualTo(Backoff.FIRST);
    assertThat(component.mourn()).as("a death of its own").isEqualTo(Backoff.FIRST.multipliedBy(2));
    component.replace(); // nothing runs
    assertThat(component.mourn()).isEqualTo(Backoff.FIRST.multipliedBy(4));
  }

  private boolean reviveAfterDeath() {
    var unused = component.mourn();
    return component.revive();
  }

  /** A process that runs and is never ready; one call at a time, as with the kit's services. */
  private static final class NeverReady implements Service {
    private volatile Process process;

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public synchronized void start() {
      try {
        process = new ProcessBuilder("sleep", "600").start();
        process.waitFor();
        throw new ServiceException("ended");
      } catch (IOException e) {
        throw new ServiceException("cannot start", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public boolean healthy() {
      return false;
    }

    @Override
    public OptionalLong pid() {
      Process current = process;
      return current != null && current.isAlive()
          ? OptionalLong.of(current.pid())
          : OptionalLong.empty();
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public Path log() {
      return Path.of("slow.log");
    }

    @Override
    public synchronized void stop() {
      kill();
    }

    @Override
    public synchronized void kill() {
      process.destroyForcibly();
    }

    @Override
    public void pause() {
      throw new AssertionError("a component asks for no such thing");
    }

    @Override
    public void resume() {
      throw new AssertionError("a component asks for no such thing");
    }

    @Override
    public void restart() {
      throw new AssertionError("a component asks for no such thing");
    }

    @Override
    public void close() {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}
