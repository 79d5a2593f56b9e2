package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.StringNode;

/**
 * The content model: {@code properties}, {@code patternProperties}, {@code additionalProperties}
 * and {@code propertyNames}. Every name that some schema spells out is looked at by itself; all
 * other names are looked at together, once for each pattern of the reader and once for the rest.
 */
final class ContentDemands {
  private final Containment containment;
  private final Patterns patterns;
  private final OtherNames others;

  ContentDemands(Containment containment) {
    this.containment = containment;
    this.patterns = containment.patterns();
    this.others = new OtherNames(patterns);
  }

  Outcome check(Facts writer, SchemaNode reader) {
    if (writer.maxProperties() == 0) {
      return Outcome.PROVEN;
    }
    ObjectRules rules = reader.objects();
    Set<String> names = new LinkedHashSet<>(writer.declaredNames());
    names.addAll(rules.properties().keySet());
    Outcome all = Outcome.PROVEN;
    for (String name : names) {
      if (isPossible(writer, name)) {
        all = all.and(member(writer, reader, name));
      }
    }
    if (hasOtherNames(writer, names)) {
      for (Map.Entry<String, SchemaNode> rule : rules.patterns().entrySet()) {
        all = all.and(matching(writer, reader, rule.getKey(), rule.getValue()));
      }
      if (rules.additional() != null) {
        all = all.and(additional(writer, reader, rules.additional()));
      }
    }
    return all.and(names(writer, reader));
  }

  /** Not if {@code propertyNames} or a schema of {@code false} rules the name out. */
  private boolean isPossible(Facts writer, String name) {
    StringNode text = StringNode.valueOf(name);
    for (SchemaNode schema : writer.nameSchemas()) {
      if (containment.evaluation().accepts(schema, text) == Truth.NO) {
        return false;
      }
    }
    return true;
  }

  /** Whether an object may have a property that no schema names. */
  private boolean hasOtherNames(Facts writer, Set<String> names) {
    if (writer.maxProperties() <= writer.required().size()) {
      return false;
    }
    if (writer.nameSchemas().isEmpty()) {
      return true;
    }
    Known name = name(writer, List.of());
    Facts facts = containment.facts(name);
    boolean listed =
        facts.candidates() != null
            && facts.candidates().stream().allMatch(n -> names.contains(n.asString()));
    return !listed && !containment.emptiness().isSure(name);
  }

  private Known name(Facts writer, List<SchemaNode> more) {
    return Known.valid(containment.ofTypes(EnumSet.of(JsonType.STRING)))
        .and(writer.nameSchemas(), List.of())
        .and(more, List.of());
  }

  private Outcome member(Facts writer, SchemaNode reader, String name) {
    ObjectRules rules = reader.objects();
    Known offered = Offers.of(writer, name, patterns);
    SchemaNode declared = rules.properties().get(name);
    Truth covered = Truth.of(declared != null);
    Outcome all =
        declared == null ? Outcome.PROVEN : declared(writer, reader, name, offered, declared);
    for (Map.Entry<String, SchemaNode> rule : rules.patterns().entrySet()) {
      Truth matches = patterns.matches(rule.getKey(), name);
      covered = covered.or(matches);
      if (matches != Truth.NO) {
        all = all.and(containment.inside(offered, rule.getValue()));
      }
    }
    if (covered != Truth.YES && rules.additional() != null) {
      all = all.and(undeclared(writer, reader, name, offered));
    }
    return all;
  }

  /** The reader has a schema for this property. */
  private Outcome declared(
      Facts writer, SchemaNode reader, String name, Known offered, SchemaNode wanted) {
    Outcome inside = containment.inside(offered, wanted);
    if (inside.proven() || Offers.declares(writer, name, patterns)) {
      return inside;
    }
    boolean open = offered.holds().isEmpty();
    if (!open && inside.undecided()) {
      return inside;
    }
    return containment
        .explanation()
        .property(
            open ? Rule.PROPERTY_IN_OPEN : Rule.PROPERTY_IN_PARTIALLY_OPEN,
            writer,
            reader,
            name,
            open
                ? "the reader gives it a schema, the writer does not declare it and so allows"
                    + " anything there"
                : "the reader gives it a schema that the writer's additionalProperties does not"
                    + " keep");
  }

  /** The reader has no schema for this property but one for additional ones. */
  private Outcome undeclared(Facts writer, SchemaNode reader, String name, Known offered) {
    SchemaNode wanted = reader.objects().additional();
    Outcome inside = containment.inside(offered, wanted);
    if (inside.proven() || !Offers.declares(writer, name, patterns)) {
      return inside;
    }
    boolean closed = wanted.isNothing();
    if (!closed && inside.undecided()) {
      return inside;
    }
    return containment
        .explanation()
        .property(
            closed ? Rule.PROPERTY_NOT_ALLOWED : Rule.PROPERTY_NOT_COVERED,
            writer,
            reader,
            name,
            closed
                ? "the writer declares it, the reader allows no property that it does not declare"
                : "the writer declares it, the reader's additionalProperties does not cover it");
  }

  /** Names that match a pattern of the reader and that nobody spells out. */
  private Outcome matching(Facts writer, SchemaNode reader, String pattern, SchemaNode wanted) {
    Known named = name(writer, List.of(containment.ofPattern(pattern)));
    if (wanted.isAnything() || containment.emptiness().isSure(named)) {
      return Outcome.PROVEN;
    }
    Known offered = others.matching(writer, pattern);
    Outcome inside = containment.inside(offered, wanted);
    if (inside.proven() || !offered.holds().isEmpty()) {
      return inside;
    }
    return containment
        .explanation()
        .gap(
            Rule.RESTRICTED,
            writer,
            reader,
            "anything in properties that match '" + Explanation.shortened(pattern) + "'",
            "there only what the schema of the pattern says",
            "patternProperties");
  }

  /** Names that nobody spells out and that match no pattern of the reader. */
  private Outcome additional(Facts writer, SchemaNode reader, SchemaNode wanted) {
    Known offered = others.outside(writer, reader.objects().patterns().keySet());
    Outcome inside = containment.inside(offered, wanted);
    boolean open = offered.holds().isEmpty();
    if (inside.proven() || !(open || wanted.isNothing())) {
      return inside;
    }
    Rule rule = open ? (wanted.isNothing() ? Rule.CLOSED : Rule.RESTRICTED) : Rule.MAP_CLOSED;
    return containment
        .explanation()
        .gap(
            rule,
            writer,
            reader,
            open ? "properties that it does not declare" : "additional properties of some kind",
            wanted.isNothing() ? "declared properties only" : "them only of some kind",
            "additionalProperties",
            "unevaluatedProperties");
  }

  private Outcome names(Facts writer, SchemaNode reader) {
    SchemaNode wanted = reader.objects().names();
    if (wanted == null) {
      return Outcome.PROVEN;
    }
    Outcome all = Outcome.PROVEN;
    for (Known name : possibleNames(writer)) {
      all = all.and(containment.inside(name, wanted));
    }
    if (all.proven() || all.undecided()) {
      return all;
    }
    return containment
        .explanation()
        .gap(
            Rule.PROPERTY_NAMES,
            writer,
            reader,
            "property names beyond that",
            "only names that 'propertyNames' describes",
            "propertyNames");
  }

  /** Of a closed object the names are known; of any other, what {@code propertyNames} says. */
  private List<Known> possibleNames(Facts writer) {
    for (SchemaNode node : writer.nodes()) {
      ObjectRules rules = node.objects();
      if (rules.additional() != null && rules.additional().isNothing()) {
        List<Known> names = new ArrayList<>();
        for (Map.Entry<String, SchemaNode> property : rules.properties().entrySet()) {
          boolean possible =
              !property.getValue().isNothing() && isPossible(writer, property.getKey());
          if (possible) {
            names.add(Known.valid(containment.ofText(property.getKey())));
          }
        }
        for (String pattern : rules.patterns().keySet()) {
          names.add(name(writer, List.of(containment.ofPattern(pattern))));
        }
        return names;
      }
    }
    return List.of(name(writer, List.of()));
  }
}
