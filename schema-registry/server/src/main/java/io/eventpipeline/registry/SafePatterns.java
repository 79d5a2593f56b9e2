package io.eventpipeline.registry;

import io.eventpipeline.compatibility.pattern.Backtracking;
import io.eventpipeline.compatibility.pattern.Backtracking.Danger;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Looks for patterns that stop validators which backtrack. Ours does not, but what is published
 * here is compiled elsewhere, too: with ajv, {@code java.util.regex} or Python's {@code re}.
 *
 * <p>Wherever a schema can stand: in {@code $defs} that nothing refers to as well, but not in data
 * such as {@code examples}.
 */
final class SafePatterns {
  /** For all patterns of a schema together: some milliseconds, and 5 MB, at the worst. */
  private static final int STEPS_MAX = 50_000;

  private final Backtracking backtracking = new Backtracking(STEPS_MAX);

  private SafePatterns() {}

  /** The first pattern that must not be published; empty when there is none. */
  static Optional<UnsafePattern> firstUnsafe(JsonNode document) {
    return new SafePatterns().inSchema(document, "");
  }

  private Optional<UnsafePattern> inSchema(JsonNode schema, String pointer) {
    if (schema.isArray()) {
      for (int i = 0; i < schema.size(); i++) {
        Optional<UnsafePattern> unsafe = inSchema(schema.get(i), pointer + "/" + i);
        if (unsafe.isPresent()) {
          return unsafe;
        }
      }
    }
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      Optional<UnsafePattern> unsafe =
          inKeyword(member.getKey(), member.getValue(), below(pointer, member.getKey()));
      if (unsafe.isPresent()) {
        return unsafe;
      }
    }
    return Optional.empty();
  }

  private Optional<UnsafePattern> inKeyword(String keyword, JsonNode value, String pointer) {
    if (keyword.equals("pattern") && value.isString()) {
      return judge(value.asString(), pointer);
    }
    if (SelfContained.DATA.contains(keyword)) {
      return Optional.empty();
    }
    if (!SelfContained.MAPS.contains(keyword) || !value.isObject()) {
      return inSchema(value, pointer);
    }
    for (Map.Entry<String, JsonNode> named : value.properties()) {
      String place = below(pointer, named.getKey());
      Optional<UnsafePattern> unsafe =
          keyword.equals("patternProperties") ? judge(named.getKey(), place) : Optional.empty();
      unsafe = unsafe.isPresent() ? unsafe : inSchema(named.getValue(), place);
      if (unsafe.isPresent()) {
        return unsafe;
      }
    }
    return Optional.empty();
  }

  private Optional<UnsafePattern> judge(String pattern, String pointer) {
    Optional<Danger> danger = backtracking.danger(pattern);
    return danger.map(found -> new UnsafePattern(pointer, pattern, found));
  }

  private static String below(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
