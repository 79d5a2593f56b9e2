package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Required properties, counts and dependencies; the rest is {@link ContentDemands}. */
final class ObjectDemands {
  private final Containment containment;
  private final ContentDemands content;

  ObjectDemands(Containment containment) {
    this.containment = containment;
    this.content = new ContentDemands(containment);
  }

  Outcome check(Facts writer, SchemaNode reader) {
    if (reader.objects().equals(ObjectRules.NONE) || !writer.may(JsonType.OBJECT)) {
      return Outcome.PROVEN;
    }
    return required(writer, reader)
        .and(counts(writer, reader))
        .and(dependencies(writer, reader))
        .and(content.check(writer, reader));
  }

  private Outcome required(Facts writer, SchemaNode reader) {
    containment.budget().steps(reader.objects().required().size() / Budget.ENTRIES_A_STEP);
    Outcome all = Outcome.PROVEN;
    for (String name : reader.objects().required()) {
      if (!writer.required().contains(name) && !allHave(writer, name)) {
        all = all.and(missing(writer, reader, name));
      }
    }
    return all;
  }

  private Outcome missing(Facts writer, SchemaNode reader, String name) {
    SchemaNode schema = reader.objects().properties().get(name);
    boolean hasDefault = schema != null && schema.source().has("default");
    return containment
        .explanation()
        .property(
            hasDefault ? Rule.REQUIRED_WITH_DEFAULT : Rule.REQUIRED,
            writer,
            reader,
            name,
            "the reader requires it, the writer may leave it out"
                + (hasDefault ? "; validators do not fill in its default" : ""));
  }

  private boolean allHave(Facts writer, String name) {
    if (writer.candidates() == null) {
      return false;
    }
    containment.budget().steps(writer.candidates().size() / Budget.ENTRIES_A_STEP);
    return writer.candidates().stream().filter(JsonNode::isObject).allMatch(v -> v.has(name));
  }

  private Outcome counts(Facts writer, SchemaNode reader) {
    ObjectRules rules = reader.objects();
    Explanation explanation = containment.explanation();
    Outcome all = Outcome.PROVEN;
    if (writer.minProperties() < rules.minProperties()) {
      all =
          explanation.gap(
              Rule.MIN_PROPERTIES,
              writer,
              reader,
              "objects of " + writer.minProperties() + " properties",
              "only " + rules.minProperties() + " or more",
              "minProperties");
    }
    long most = writer.maxProperties();
    if (most > rules.maxProperties()) {
      all =
          all.and(
              explanation.gap(
                  Rule.MAX_PROPERTIES,
                  writer,
                  reader,
                  most == Long.MAX_VALUE ? "any number of properties" : most + " properties",
                  "only " + rules.maxProperties() + " or fewer",
                  "maxProperties"));
    }
    return all;
  }

  /** Exact: ask again about the objects that have the property. */
  private Outcome dependencies(Facts writer, SchemaNode reader) {
    Outcome all = Outcome.PROVEN;
    for (Map.Entry<String, Set<String>> rule : reader.objects().dependentRequired().entrySet()) {
      Known with = writer.known().and(containment.withProperty(rule.getKey()));
      containment.budget().steps(rule.getValue().size());
      Set<String> lacking = new TreeSet<>(rule.getValue());
      lacking.removeAll(containment.facts(with).required());
      if (!lacking.isEmpty() && !containment.emptiness().isSure(with)) {
        all =
            all.and(
                containment
                    .explanation()
                    .gap(
                        Rule.DEPENDENCY,
                        writer,
                        reader,
                        "'" + rule.getKey() + "' without " + lacking,
                        "it only together with them",
                        "dependentRequired",
                        "dependencies"));
      }
    }
    for (Map.Entry<String, SchemaNode> rule : reader.objects().dependentSchemas().entrySet()) {
      Known with = writer.known().and(containment.withProperty(rule.getKey()));
      all = all.and(containment.within(with, Objects.requireNonNull(rule.getValue())));
    }
    return all;
  }
}
