package io.eventpipeline.launcher.stack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a launcher says about its stack, as JSON in a file that it keeps up to date.
 *
 * <p>The file may outlive the launcher ({@code kill -9}): {@link #launcher} says whether it did,
 * since a pid with a start time names one process for ever.
 *
 * @param launcher the process that owns the stack
 * @param data its data directory, absolute
 * @param phase of the whole stack
 * @param components in the order of {@code status}
 */
public record StackState(
    ProcessId launcher, int portOffset, String data, Phase phase, List<Component> components) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Where the whole stack is in its life. */
  public enum Phase {
    @JsonProperty("starting")
    STARTING,
    @JsonProperty("ready")
    READY,
    @JsonProperty("stopping")
    STOPPING
  }

  /**
   * One component.
   *
   * @param process {@code null} while it has none
   * @param port what clients connect to; {@code null} where there is none
   * @param state what the launcher last saw
   * @param restarts by the launcher since the stack was started
   */
  public record Component(
      String name, ProcessId process, Integer port, ComponentState state, int restarts) {}

  /** Whether the launcher that wrote this still runs. */
  @JsonIgnore
  public boolean isLive() {
    return launcher.isAlive();
  }

  /** Where the stack answers. */
  public RunningStack stack() {
    return new RunningStack(new StackPorts(portOffset), Path.of(data));
  }

  /** Replaces {@code file} in one step: a reader sees the old state or the new one. */
  void write(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, JSON.writeValueAsString(this));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The state in {@code file}; empty when there is none. */
  public static Optional<StackState> read(Path file) {
    try {
      return Optional.of(JSON.readValue(Files.readString(file), StackState.class));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      throw new CommandException("cannot read the state file " + file + ": " + e.getMessage(), e);
    }
  }
}
