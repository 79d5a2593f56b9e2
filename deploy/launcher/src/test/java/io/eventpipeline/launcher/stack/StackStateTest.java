package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackStateTest {
  @TempDir Path run;

  @Test
  void readsBackWhatItWrote() throws IOException {
    StackState state = state(ProcessId.self());

    state.write(run.resolve("7.json"));

    assertThat(StackState.read(run.resolve("7.json"))).contains(state);
    assertThat(state.isLive()).isTrue();
    assertThat(state.stack().ports().kafka()).isEqualTo(9099);
  }

  @Test
  void isAbsentWhereNoStackEverRan() {
    assertThat(StackState.read(run.resolve("7.json"))).isEmpty();
  }

  @Test
  void knowsADeadLauncherAlthoughItsPidWasUsedAgain() {
    ProcessId self = ProcessId.self();

    assertThat(state(new ProcessId(self.pid(), self.startTicks() - 1)).isLive()).isFalse();
  }

  @Test
  void refusesAFileThatIsNoState() throws IOException {
    Files.writeString(run.resolve("7.json"), "{\"launcher\":");

    assertThatThrownBy(() -> StackState.read(run.resolve("7.json")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("7.json");
  }

  private static StackState state(ProcessId launcher) {
    return new StackState(
        launcher,
        7,
        "/data",
        StackState.Phase.READY,
        List.of(
            new StackState.Component("kafka", new ProcessId(12, 34), 9099, ComponentState.READY, 1),
            new StackState.Component(
                "flink-taskmanager-1", null, null, ComponentState.RESTARTING, 2)));
  }
}
