package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.pattern.Language;
import io.eventpipeline.compatibility.pattern.Language.Found;
import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.SchemaNode;
import io.eventpipeline.compatibility.schema.StringRules;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * {@code minLength}, {@code maxLength}, {@code pattern} and, where asserted, {@code format}.
 * Lengths and patterns are sets of strings alike: a pattern can guarantee a length.
 */
final class StringDemands {
  private final Explanation explanation;
  private final Patterns patterns;
  private final boolean formatsAsserted;

  StringDemands(Explanation explanation, Patterns patterns, boolean formatsAsserted) {
    this.explanation = explanation;
    this.patterns = patterns;
    this.formatsAsserted = formatsAsserted;
  }

  Outcome check(Facts writer, SchemaNode reader) {
    if (reader.strings().equals(StringRules.NONE) || !writer.may(JsonType.STRING)) {
      return Outcome.PROVEN;
    }
    return minLength(writer, reader)
        .and(maxLength(writer, reader))
        .and(pattern(writer, reader))
        .and(format(writer, reader));
  }

  /** Where the values can be listed they answer for themselves. */
  private static boolean all(Facts writer, Predicate<String> meets) {
    return writer.candidates() != null
        && writer.candidates().stream()
            .filter(JsonNode::isString)
            .allMatch(value -> meets.test(value.asString()));
  }

  private static long length(String text) {
    return text.codePointCount(0, text.length());
  }

  private Outcome minLength(Facts writer, SchemaNode reader) {
    long min = reader.strings().minLength();
    boolean met =
        writer.minLength() >= min
            || all(writer, text -> length(text) >= min)
            || implied(writer, patterns.ofLength(min, Long.MAX_VALUE));
    if (met) {
      return Outcome.PROVEN;
    }
    return explanation.gap(
        Rule.MIN_LENGTH,
        writer,
        reader,
        "strings of " + writer.minLength() + " characters",
        "only " + min + " or more",
        "minLength");
  }

  private Outcome maxLength(Facts writer, SchemaNode reader) {
    long max = reader.strings().maxLength();
    long now = writer.maxLength();
    boolean met =
        now <= max
            || all(writer, text -> length(text) <= max)
            || implied(writer, patterns.ofLength(0, max));
    if (met) {
      return Outcome.PROVEN;
    }
    return explanation.gap(
        Rule.MAX_LENGTH,
        writer,
        reader,
        now == Long.MAX_VALUE ? "strings of any length" : "strings of " + now + " characters",
        "only " + max + " or fewer",
        "maxLength");
  }

  /** Whether the writer's patterns and lengths leave only strings of the wanted set. */
  private boolean implied(Facts writer, Optional<Language> wanted) {
    return !writer.patterns().isEmpty()
        && wanted.isPresent()
        && search(writer, wanted).answer() == Language.Answer.NONE;
  }

  private Found search(Facts writer, Optional<Language> outside) {
    return patterns.search(writer.patterns(), writer.minLength(), writer.maxLength(), outside);
  }

  private Outcome pattern(Facts writer, SchemaNode reader) {
    String wanted = reader.strings().pattern();
    boolean met =
        wanted == null
            || writer.patterns().contains(wanted)
            || all(writer, text -> patterns.matches(wanted, text) == Truth.YES);
    if (met) {
      return Outcome.PROVEN;
    }
    Optional<Language> language = patterns.language(wanted);
    Found found =
        language.isEmpty() ? new Found(Language.Answer.UNKNOWN, null) : search(writer, language);
    boolean readable =
        writer.patterns().stream().allMatch(regex -> patterns.language(regex).isPresent());
    return switch (found.answer()) {
      case NONE -> Outcome.PROVEN;
      case SOME ->
          mismatch(readable ? Rule.PATTERN : Rule.PATTERN_UNDECIDED, writer, reader, found);
      case UNKNOWN -> mismatch(Rule.PATTERN_UNDECIDED, writer, reader, found);
    };
  }

  private Outcome mismatch(Rule rule, Facts writer, SchemaNode reader, Found found) {
    Set<String> now = writer.patterns();
    String strings = now.isEmpty() ? "any string" : "strings that match " + now;
    String example =
        found.example() == null ? "" : ", such as '" + Explanation.shortened(found.example()) + "'";
    return explanation.gap(
        rule,
        writer,
        reader,
        Explanation.shortened(strings) + example,
        "only strings that match " + Explanation.shortened(reader.strings().pattern()),
        "pattern");
  }

  private Outcome format(Facts writer, SchemaNode reader) {
    String wanted = reader.strings().format();
    boolean met =
        !formatsAsserted
            || wanted == null
            || writer.nodes().stream().anyMatch(n -> Objects.equals(n.strings().format(), wanted));
    if (met) {
      return Outcome.PROVEN;
    }
    return explanation.gap(
        Rule.FORMAT, writer, reader, "strings of any format", "only " + wanted, "format");
  }
}
