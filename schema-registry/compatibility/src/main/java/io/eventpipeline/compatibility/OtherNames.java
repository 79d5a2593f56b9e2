package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a writer guarantees of properties that no schema names. Where it depends on which of the
 * writer's patterns a name matches, at least one of the possible schemas holds, and no more is
 * said.
 */
final class OtherNames {
  private final Patterns patterns;
  private final Map<List<SchemaNode>, SchemaNode> choices = new HashMap<>();

  OtherNames(Patterns patterns) {
    this.patterns = patterns;
  }

  /** Of names that match a pattern of the reader. */
  Known matching(Facts writer, String pattern) {
    writer.look();
    Set<SchemaNode> offered = new LinkedHashSet<>();
    for (SchemaNode node : writer.nodes()) {
      boolean covered = false;
      List<SchemaNode> possible = new ArrayList<>();
      for (Map.Entry<String, SchemaNode> rule : node.objects().patterns().entrySet()) {
        if (patterns.surelyWithin(pattern, rule.getKey())) {
          covered = true;
          offered.add(rule.getValue());
        } else if (!patterns.surelyDisjoint(pattern, rule.getKey())) {
          possible.add(rule.getValue());
        }
      }
      if (!covered) {
        choose(node.objects(), possible, offered);
      }
    }
    return Known.valid(offered);
  }

  /** Of names that match none of the reader's patterns. */
  Known outside(Facts writer, Set<String> readers) {
    writer.look();
    Set<SchemaNode> offered = new LinkedHashSet<>();
    for (SchemaNode node : writer.nodes()) {
      List<SchemaNode> possible = new ArrayList<>();
      for (Map.Entry<String, SchemaNode> rule : node.objects().patterns().entrySet()) {
        if (readers.stream().noneMatch(other -> patterns.surelyWithin(rule.getKey(), other))) {
          possible.add(rule.getValue());
        }
      }
      choose(node.objects(), possible, offered);
    }
    return Known.valid(offered);
  }

  private void choose(ObjectRules rules, List<SchemaNode> possible, Set<SchemaNode> offered) {
    if (rules.additional() == null) {
      return; // a name that matches nothing may have any value
    }
    if (possible.isEmpty()) {
      offered.add(rules.additional());
      return;
    }
    possible.add(rules.additional());
    offered.add(choices.computeIfAbsent(List.copyOf(possible), SchemaNode::anyOf));
  }
}
