package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.schema.Dialect;
import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table in the words of every draft: rows without a draft are translated into the older ones
 * that can say the same. So each keyword of each draft has a row in which the answer hangs on it.
 */
class EveryDraftTest {
  private static final CompatibilityChecker CHECKER = new CompatibilityChecker(Limits.DEFAULT);

  /** A row whose schemas are both written out, with their drafts. */
  private record Case(Row row, JsonNode before, JsonNode after) {
    Set<String> answer(JsonNode old, JsonNode now, Direction direction, Policy policy)
        throws UnusableSchemaException {
      Mode mode = direction == Direction.BACKWARD ? Mode.BACKWARD : Mode.FORWARD;
      return CHECKER
          .check(Version.of("new", now), List.of(Version.of("old", old)), mode, policy)
          .comparisons()
          .get(0)
          .findings()
          .stream()
          .map(finding -> finding.difference().name())
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the row says something else when the older or the newer schema is without it. */
    boolean hangsOn(String keyword, Dialect draft) {
      String quoted = '"' + keyword + '"';
      if (!before.toString().contains(quoted) && !after.toString().contains(quoted)) {
        return false; // which is the answer for nearly all rows
      }
      JsonNode old = isOf(draft, before) ? without(keyword, before) : before;
      JsonNode now = isOf(draft, after) ? without(keyword, after) : after;
      return differs(old, after) || differs(before, now);
    }

    private boolean differs(JsonNode old, JsonNode now) {
      if (old.equals(before) && now.equals(after)) {
        return false;
      }
      try {
        for (Direction direction : Direction.values()) {
          Set<String> answer = answer(old, now, direction, Policy.STRICT);
          if (!answer.equals(row.expected(direction, Policy.STRICT))) {
            return true;
          }
        }
        return false;
      } catch (UnusableSchemaException e) {
        return false; // it only held the schema together
      }
    }

    private static boolean isOf(Dialect draft, JsonNode schema) {
      String named = schema.path("$schema").asString("");
      return Dialect.named(named).orElse(Dialect.DRAFT_2020_12) == draft;
    }

    private static JsonNode without(String keyword, JsonNode schema) {
      return Subschemas.each(
          schema,
          each -> {
            each.remove(keyword);
            return each;
          });
    }
  }

  private static List<Case> cases(Dialect draft) {
    List<Case> cases = new ArrayList<>();
    for (Row row : Row.all()) {
      JsonNode before = row.before().schema();
      JsonNode after = row.after().schema();
      if (Case.isOf(draft, before) || Case.isOf(draft, after)) {
        cases.add(new Case(row, before, after));
      } else if (!before.has("$schema") && !after.has("$schema")) {
        Optional<ObjectNode> old = Spelling.in(draft, before);
        Optional<ObjectNode> now = Spelling.in(draft, after);
        if (old.isPresent() && now.isPresent()) {
          cases.add(new Case(row, old.get(), now.get()));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void answersTheSameInEveryDraftThatHasTheWords(Dialect draft) throws Exception {
    for (Case each : cases(draft)) {
      for (Policy policy : Policy.values()) {
        for (Direction direction : Direction.values()) {
          assertThat(each.answer(each.before(), each.after(), direction, policy))
              .as("%s %s: %s %s", draft, each, direction, policy)
              .isEqualTo(each.row().expected(direction, policy));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void hasARowForEveryKeywordOfEveryDraft(Dialect draft) {
    List<Case> cases = cases(draft);
    Set<String> shown = new TreeSet<>();
    for (String keyword : Vocabulary.of(draft)) {
      if (cases.stream().anyMatch(each -> each.hangsOn(keyword, draft))) {
        shown.add(keyword);
      }
    }

    assertThat(shown).isEqualTo(Vocabulary.of(draft)).hasSizeGreaterThan(25);
  }
}
