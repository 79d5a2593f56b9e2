package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.ArrayRules;
import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.SchemaNode;

/** {@code prefixItems}, {@code items}, {@code contains}, the counts and {@code uniqueItems}. */
final class ArrayDemands {
  private static final String[] ITEMS = {"prefixItems", "items", "additionalItems"};

  private final Containment containment;

  ArrayDemands(Containment containment) {
    this.containment = containment;
  }

  Outcome check(Facts writer, SchemaNode reader) {
    if (reader.arrays().equals(ArrayRules.NONE) || !writer.may(JsonType.ARRAY)) {
      return Outcome.PROVEN;
    }
    return counts(writer, reader).and(items(writer, reader)).and(contains(writer, reader));
  }

  private Outcome counts(Facts writer, SchemaNode reader) {
    ArrayRules rules = reader.arrays();
    Explanation explanation = containment.explanation();
    Outcome all = Outcome.PROVEN;
    if (writer.minItems() < rules.minItems()) {
      all =
          explanation.gap(
              Rule.MIN_ITEMS,
              writer,
              reader,
              "arrays of " + writer.minItems() + " items",
              "only " + rules.minItems() + " or more",
              "minItems");
    }
    long most = writer.maxItems();
    if (most > rules.maxItems()) {
      all =
          all.and(
              explanation.gap(
                  Rule.MAX_ITEMS,
                  writer,
                  reader,
                  most == Long.MAX_VALUE ? "arrays of any length" : "arrays of " + most + " items",
                  "only " + rules.maxItems() + " or fewer",
                  "maxItems"));
    }
    boolean unique = most <= 1 || writer.nodes().stream().anyMatch(n -> n.arrays().unique());
    if (rules.unique() && !unique) {
      all =
          all.and(
              explanation.gap(
                  Rule.UNIQUE_ITEMS,
                  writer,
                  reader,
                  "equal items in an array",
                  "only items that differ",
                  "uniqueItems"));
    }
    return all;
  }

  private Outcome items(Facts writer, SchemaNode reader) {
    int places = Math.max(writer.prefixLength(), reader.arrays().prefix().size());
    long most = writer.maxItems();
    Outcome all = Outcome.PROVEN;
    for (int i = 0; i <= places && i < most; i++) { // the last stands for all that follow
      SchemaNode wanted = reader.arrays().item(i);
      if (wanted != null) {
        all = all.and(item(writer, reader, i, wanted));
      }
    }
    return all;
  }

  private Outcome item(Facts writer, SchemaNode reader, int place, SchemaNode wanted) {
    Known offered = writer.item(place);
    Outcome inside = containment.inside(offered, wanted);
    if (inside.proven()) {
      return inside;
    }
    boolean open = offered.holds().isEmpty();
    if (open && !wanted.isNothing()) {
      return containment
          .explanation()
          .gap(
              Rule.ITEM_IN_OPEN,
              writer,
              reader,
              "anything as item " + place,
              "only what the schema of that item says",
              ITEMS);
    }
    if (wanted.isNothing()) {
      return containment
          .explanation()
          .gap(
              Rule.ITEM_NOT_ALLOWED,
              writer,
              reader,
              "an item at place " + place,
              "only " + place + " items",
              ITEMS);
    }
    return inside;
  }

  private Outcome contains(Facts writer, SchemaNode reader) {
    ArrayRules rules = reader.arrays();
    if (rules.contains() == null) {
      return Outcome.PROVEN;
    }
    boolean enough = rules.minContains() == 0 || hasEnough(writer, rules);
    boolean notTooMany = rules.maxContains() == Long.MAX_VALUE || hasFew(writer, rules);
    if (enough && notTooMany) {
      return Outcome.PROVEN;
    }
    return containment
        .explanation()
        .gap(
            Rule.CONTAINS,
            writer,
            reader,
            enough ? "more items of the kind" : "arrays without an item of the kind",
            "only arrays with " + count(rules) + " items that 'contains' describes",
            "contains",
            "minContains",
            "maxContains");
  }

  private static String count(ArrayRules rules) {
    return rules.maxContains() == Long.MAX_VALUE
        ? rules.minContains() + " or more"
        : rules.minContains() + " to " + rules.maxContains();
  }

  private boolean hasEnough(Facts writer, ArrayRules rules) {
    for (SchemaNode node : writer.nodes()) {
      ArrayRules own = node.arrays();
      boolean counts = own.contains() != null && own.minContains() >= rules.minContains();
      if (counts && isWithin(containedIn(writer, own), rules.contains())) {
        return true;
      }
    }
    int matching = 0;
    for (int i = 0; i < Math.min(writer.minItems(), writer.prefixLength()); i++) {
      matching += isWithin(writer.item(i), rules.contains()) ? 1 : 0;
    }
    long rest = writer.minItems() - writer.prefixLength();
    if (rest > 0 && isWithin(writer.item(writer.prefixLength()), rules.contains())) {
      return matching + rest >= rules.minContains();
    }
    return matching >= rules.minContains();
  }

  /** The item that is contained also meets the schema of items, when there is only one. */
  private static Known containedIn(Facts writer, ArrayRules own) {
    return writer.prefixLength() == 0
        ? writer.item(0).and(own.contains())
        : Known.valid(own.contains());
  }

  private boolean hasFew(Facts writer, ArrayRules rules) {
    if (writer.maxItems() <= rules.maxContains()) {
      return true;
    }
    for (SchemaNode node : writer.nodes()) {
      ArrayRules own = node.arrays();
      boolean counts = own.contains() != null && own.maxContains() <= rules.maxContains();
      if (counts && isWithin(Known.valid(rules.contains()), own.contains())) {
        return true;
      }
    }
    long possible = 0;
    for (int i = 0; i <= writer.prefixLength() && i < writer.maxItems(); i++) {
      if (!containment.emptiness().isSure(writer.item(i).and(rules.contains()))) {
        boolean rest = i == writer.prefixLength();
        possible = rest ? Long.MAX_VALUE : possible + 1;
      }
    }
    return possible <= rules.maxContains();
  }

  private boolean isWithin(Known known, SchemaNode reader) {
    return containment.inside(known, reader).strictly();
  }
}
