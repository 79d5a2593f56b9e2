package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Turns a gap between what a writer allows and a reader accepts into a {@link Finding}. */
final class Explanation {
  private static final int TEXT_MAX = 120;

  /** To write a sentence, two pointers and a proposal takes so long. */
  private static final int STEPS = 20;

  private final Direction direction;
  private final Policy policy;
  private final Budget budget;

  Explanation(Direction direction, Policy policy, Budget budget) {
    this.direction = direction;
    this.policy = policy;
    this.budget = budget;
  }

  /**
   * Where both stand.
   *
   * @param keyword the keyword as each of the two documents spells it
   */
  private record Place(SchemaNode node, String keyword) {
    Optional<JsonNode> fragment() {
      return Optional.ofNullable(node.source().get(keyword));
    }

    String pointer() {
      return (fragment().isPresent() ? node.location().child(keyword) : node.location()).toString();
    }
  }

  /**
   * @param allows completes "the writer's schema allows ..."
   * @param accepts completes "the reader's schema accepts ..."
   * @param keywords the keyword at issue, in all its spellings
   */
  Outcome gap(
      Rule rule,
      Facts writer,
      SchemaNode reader,
      String allows,
      String accepts,
      String... keywords) {
    writer.look();
    budget.steps(STEPS);
    Place writes = writer(writer, keywords);
    Place reads = new Place(reader, spelling(reader, keywords));
    boolean backward = direction == Direction.BACKWARD;
    Place before = backward ? writes : reads;
    Place after = backward ? reads : writes;
    Difference difference = rule.difference(direction);
    String message =
        "The %s schema allows %s; the %s one accepts %s."
            .formatted(backward ? "old" : "new", allows, backward ? "new" : "old", accepts);
    return Outcome.of(
        new Finding(
            difference,
            direction,
            difference.verdict(direction, policy),
            after.pointer(),
            before.pointer(),
            before.fragment(),
            after.fragment(),
            message,
            Fixes.of(rule, direction, before.node, after.node, List.of(keywords))));
  }

  /** A gap at one property: the fragments are its two schemas. */
  Outcome property(Rule rule, Facts writer, SchemaNode reader, String name, String why) {
    writer.look();
    budget.steps(STEPS + reader.objects().required().size() / Budget.ENTRIES_A_STEP);
    SchemaNode writes = declaring(writer, name);
    boolean backward = direction == Direction.BACKWARD;
    SchemaNode before = backward ? writes : reader;
    SchemaNode after = backward ? reader : writes;
    Difference difference = rule.difference(direction);
    return Outcome.of(
        new Finding(
            difference,
            direction,
            difference.verdict(direction, policy),
            pointer(after, name),
            pointer(before, name),
            declared(before, name),
            declared(after, name),
            "Property '%s': %s.".formatted(shortened(name), why),
            Fixes.ofProperty(rule, direction, before, after, name)));
  }

  private static SchemaNode declaring(Facts writer, String name) {
    return writer.nodes().stream()
        .filter(n -> n.objects().properties().containsKey(name))
        .findFirst()
        .orElseGet(() -> writer(writer, "properties").node);
  }

  private static Optional<JsonNode> declared(SchemaNode node, String name) {
    return Optional.ofNullable(node.source().path("properties").get(name));
  }

  private static String pointer(SchemaNode node, String name) {
    return declared(node, name).isPresent()
        ? node.location().child("properties").child(name).toString()
        : node.location().toString();
  }

  private static Place writer(Facts writer, String... keywords) {
    for (SchemaNode node : writer.nodes()) {
      String spelling = spelling(node, keywords);
      if (node.source().has(spelling)) {
        return new Place(node, spelling);
      }
    }
    SchemaNode first =
        writer.nodes().stream()
            .filter(n -> !n.source().isMissingNode())
            .findFirst()
            .orElseGet(SchemaNode::anything);
    return new Place(first, keywords[0]);
  }

  private static String spelling(SchemaNode node, String... keywords) {
    for (String keyword : keywords) {
      JsonNode value = node.source().get(keyword);
      boolean flag = value != null && value.isBoolean() && keyword.startsWith("exclusive");
      if (value != null && !flag) {
        return keyword;
      }
    }
    return keywords[0];
  }

  /** For messages: names and values of any length come from outside. */
  static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }

  String shortened(JsonNode value) {
    String text = value.toString();
    budget.steps(text.length() / Budget.CHARACTERS_A_STEP);
    return shortened(text);
  }
}
