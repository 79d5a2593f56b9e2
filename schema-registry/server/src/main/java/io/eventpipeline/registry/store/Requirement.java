package io.eventpipeline.registry.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of earlier versions, and what a new one must keep with them. A migration that was tried
 * takes the place of backward compatibility with the versions that it leads on from, where the
 * subject accepts that; never of forward compatibility.
 */
public record Requirement(LiveVersions earlier, Compatibility asked) {

  /**
   * All that must hold.
   *
   * @param examples how many a migration was tried on; 0 without one
   */
  public static List<Requirement> of(LiveVersions live, Compatibility asked, int examples) {
    if (!asked.acceptMigrations() || examples == 0) {
      return List.of(new Requirement(live, asked));
    }
    return List.of(
        new Requirement(unreachable(live), asked.at(backward(asked.level()))),
        new Requirement(live, asked.at(forward(asked.level()))));
  }

  /** Versions whose data no way leads from to the newest, and so to the new one. */
  private static LiveVersions unreachable(LiveVersions live) {
    List<Outline> outlines = live.outlines();
    Outline before = outlines.get(outlines.size() - 1);
    Set<Integer> reached = new HashSet<>(Set.of(before.version()));
    int from = before.upcastsFrom();
    for (int i = outlines.size() - 1; i >= 0; i--) {
      if (outlines.get(i).version() == from) {
        reached.add(from);
        from = outlines.get(i).upcastsFrom();
      }
    }
    return live.where(outline -> !reached.contains(outline.version()));
  }

  /** Only what is promised about every version is left to ask of those out of reach. */
  private static Compatibility.Level backward(Compatibility.Level level) {
    return switch (level) {
      case BACKWARD_TRANSITIVE, FULL_TRANSITIVE -> Compatibility.Level.BACKWARD_TRANSITIVE;
      case NONE, BACKWARD, FORWARD, FORWARD_TRANSITIVE, FULL -> Compatibility.Level.NONE;
    };
  }

  private static Compatibility.Level forward(Compatibility.Level level) {
    return switch (level) {
      case FORWARD, FULL -> Compatibility.Level.FORWARD;
      case FORWARD_TRANSITIVE, FULL_TRANSITIVE -> Compatibility.Level.FORWARD_TRANSITIVE;
      case NONE, BACKWARD, BACKWARD_TRANSITIVE -> Compatibility.Level.NONE;
    };
  }
}
