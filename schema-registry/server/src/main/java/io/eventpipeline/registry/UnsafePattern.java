package io.eventpipeline.registry;

import io.eventpipeline.compatibility.pattern.Backtracking.Danger;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A pattern that must not be published; shown with its place, and what to write instead. */
final class UnsafePattern extends Problem {
  private static final long serialVersionUID = 1L;

  private static final int QUOTED_CHARS_MAX = 200;

  private final String pointer;
  private final String pattern;
  private final String rewrite;

  UnsafePattern(String pointer, String pattern, Danger danger) {
    super(Code.UNSAFE_PATTERN, sentence(pointer, pattern, danger));
    this.pointer = pointer;
    this.pattern = pattern;
    this.rewrite = danger.rewrite().orElse("");
  }

  private static String sentence(String pointer, String pattern, Danger danger) {
    Optional<String> rewrite = danger.rewrite();
    return "unsafe_pattern: pattern '"
        + shortened(pattern)
        + "' at "
        + pointer
        + ": "
        + danger.sentence()
        + (rewrite.isPresent() ? "; the same without it: '" + shortened(rewrite.get()) + "'" : "");
  }

  private static String shortened(String text) {
    return text.length() <= QUOTED_CHARS_MAX ? text : text.substring(0, QUOTED_CHARS_MAX - 1) + "…";
  }

  /** Adds {@code pointer}, {@code pattern}, and {@code rewrite} where there is one. */
  void write(ObjectNode document) {
    document.put("pointer", pointer).put("pattern", pattern);
    if (!rewrite.isEmpty()) {
      document.put("rewrite", rewrite);
    }
  }
}
