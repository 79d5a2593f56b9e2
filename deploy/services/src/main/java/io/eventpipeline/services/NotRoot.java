package io.eventpipeline.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How a program runs that refuses to run as root. */
enum NotRoot {
  /** We are an ordinary user already. */
  AS_IS(List.of()),

  /**
   * In a user namespace without a mapping, root is seen as nobody and keeps its access to files.
   */
  NAMESPACE(List.of("unshare", "--user", "--")),

  /**
   * As nobody, who owns the data from then on. The one capability that is kept lets it reach data
   * in directories that are closed to others, such as root's home; its binary must not be in one.
   */
  NOBODY(
      List.of(
          "setpriv",
          "--reuid=" + NotRoot.NOBODY_ID,
          "--regid=" + NotRoot.NOBODY_ID,
          "--clear-groups",
          "--inh-caps=+dac_override",
          "--ambient-caps=+dac_override",
          "--"));

  private static final int NOBODY_ID = 65_534;

  @SuppressWarnings("ImmutableEnumChecker") // always from List.of
  private final List<String> prefix;

  NotRoot(List<String> prefix) {
    this.prefix = prefix;
  }

  /** The first that this machine allows. */
  static NotRoot here() {
    if (!isRoot()) {
      return AS_IS;
    }
    return NAMESPACE.works() ? NAMESPACE : NOBODY;
  }

  List<String> command(String... program) {
    var command = new ArrayList<>(prefix);
    command.addAll(List.of(program));
    return command;
  }

  /** Gives a tree to the user that the program will run as. */
  void own(Path root) {
    if (this == AS_IS) {
      return;
    }
    // Back to root too: the data may come from a machine, or a day, that allowed the other way.
    int owner = this == NOBODY ? NOBODY_ID : 0;
    try (Stream<Path> paths = Files.walk(root)) {
      if (Files.getAttribute(root, "unix:uid").equals(owner)) {
        return;
      }
      for (Path path : paths.toList()) {
        Files.setAttribute(path, "unix:uid", owner);
        Files.setAttribute(path, "unix:gid", owner);
      }
    } catch (IOException e) {
      throw new ServiceException("cannot give " + root + " to user " + owner, e);
    }
  }

  private boolean works() {
    try {
      Process probe =
          new ProcessBuilder(command("true"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException e) {
      return false; // unshare is not installed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw new ServiceException("cannot tell which user this is", e);
    }
  }
}
