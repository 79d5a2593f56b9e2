package io.eventpipeline.launcher.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where a stack keeps what it writes. Nothing is written outside {@code data} but the state and
 * lock files in {@code run}, by which other commands find the stack of a port offset.
 *
 * @param data absolute; everything in it goes with {@code --fresh}
 * @param run absolute; shared by all stacks of this user
 */
public record StackHome(Path data, Path run) {

  /**
   * The home for {@code portOffset}.
   *
   * @param data {@code null} for the default, {@code $XDG_CACHE_HOME/event-pipeline/<offset>}
   * @param environment for {@code XDG_CACHE_HOME} and {@code HOME}
   */
  public static StackHome of(Path data, int portOffset, Map<String, String> environment) {
    Path cache = cache(environment).resolve("event-pipeline").toAbsolutePath().normalize();
    Path chosen = data == null ? cache.resolve(Integer.toString(portOffset)) : data;
    return new StackHome(chosen.toAbsolutePath().normalize(), cache.resolve("run"));
  }

  private static Path cache(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification says to ignore a relative one.
    if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg);
    }
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home).resolve(".cache");
  }

  /** State of the stack with {@code portOffset}, for the other commands. */
  public Path state(int portOffset) {
    return run.resolve(portOffset + ".json");
  }

  /** Locked while a launcher owns {@code portOffset}. */
  Path portLock(int portOffset) {
    return run.resolve(portOffset + ".lock");
  }

  /** Locked while a launcher owns the data; beside it, since {@code --fresh} empties it. */
  Path dataLock() {
    return data.resolveSibling("." + data.getFileName() + ".lock");
  }

  /** The servers' own files, and all logs in {@code logs/}. */
  public Path services() {
    return data.resolve("services");
  }

  /** Configuration files of our three programs, written at each start. */
  Path config() {
    return data.resolve("config");
  }

  /** One directory for each job id; the test kit's cluster is configured so. */
  public Path checkpoints() {
    return services().resolve("flink").resolve("checkpoints");
  }

  Path savepoints() {
    return services().resolve("flink").resolve("savepoints");
  }

  /** Where to look for what the job can be restored from. */
  List<Path> snapshots() {
    return List.of(checkpoints(), savepoints());
  }
}
