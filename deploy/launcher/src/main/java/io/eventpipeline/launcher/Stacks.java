package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.stack.StackHome;
import io.eventpipeline.launcher.stack.StackState;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds the stack of a port offset through the state file that its launcher keeps. */
final class Stacks {
  private Stacks() {}

  /** Of the stack whose launcher runs; what a dead one left behind does not count. */
  static Optional<StackState> find(int portOffset, Map<String, String> environment) {
    return StackState.read(file(portOffset, environment)).filter(StackState::isLive);
  }

  /**
   * As {@link #find}.
   *
   * @throws CommandException when none runs
   */
  static StackState require(int portOffset, Map<String, String> environment) {
    return find(portOffset, environment)
        .orElseThrow(
            () ->
                new CommandException(
                    "no stack runs"
                        + (portOffset == 0 ? "" : " with --port-offset " + portOffset)
                        + ": start one with 'deploy/local up"
                        + (portOffset == 0 ? "'" : " --port-offset " + portOffset + "'")));
  }

  static Path file(int portOffset, Map<String, String> environment) {
    return StackHome.of(null, portOffset, environment).state(portOffset);
  }
}
