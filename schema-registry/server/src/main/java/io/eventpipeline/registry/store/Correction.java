package io.eventpipeline.registry.store;

import java.util.List;
import java.util.Optional;

/** Which version another one may supersede. */
public final class Correction {
  private Correction() {}

  /**
   * Why it may not.
   *
   * @param live the versions that the new one would follow, oldest first
   * @return a sentence; empty when it may, or corrects nothing
   */
  public static Optional<String> objection(Evolution evolution, List<Outline> live) {
    int corrected = evolution.supersedes();
    if (corrected == 0) {
      return Optional.empty();
    }
    if (live.stream().noneMatch(version -> version.version() == corrected)) {
      return cannot(corrected, "it is no published version of this type");
    }
    for (Outline version : live) {
      if (version.evolution().supersedes() == corrected) {
        return cannot(corrected, "version " + version.version() + " does: supersede that one");
      }
    }
    int before = live.get(live.size() - 1).version();
    if (!evolution.migration().isEmpty() && before != corrected) {
      return cannot(
          corrected,
          "the migration takes data of version "
              + before
              + ", and what names version "
              + corrected
              + " would be read as that");
    }
    return Optional.empty();
  }

  private static Optional<String> cannot(int version, String why) {
    return Optional.of("version " + version + " cannot be superseded: " + why);
  }
}
