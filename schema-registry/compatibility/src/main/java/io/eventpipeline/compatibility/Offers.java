package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a writer guarantees of the value of one property. */
final class Offers {
  private Offers() {}

  /**
   * Of a property by its name. A pattern of which it is not known whether it matches is left out.
   */
  static Known of(Facts writer, String name, Patterns patterns) {
    writer.look();
    Set<SchemaNode> offered = new LinkedHashSet<>();
    for (SchemaNode node : writer.nodes()) {
      offered.addAll(of(node.objects(), name, patterns));
    }
    return Known.valid(offered);
  }

  private static List<SchemaNode> of(ObjectRules rules, String name, Patterns patterns) {
    List<SchemaNode> offered = new ArrayList<>();
    SchemaNode declared = rules.properties().get(name);
    Truth covered = Truth.of(declared != null);
    if (declared != null) {
      offered.add(declared);
    }
    for (Map.Entry<String, SchemaNode> rule : rules.patterns().entrySet()) {
      Truth matches = patterns.matches(rule.getKey(), name);
      covered = covered.or(matches);
      if (matches == Truth.YES) {
        offered.add(rule.getValue());
      }
    }
    if (covered == Truth.NO && rules.additional() != null) {
      offered.add(rules.additional());
    }
    return offered;
  }

  /** Whether some schema of the writer says something about this very property. */
  static boolean declares(Facts writer, String name, Patterns patterns) {
    writer.look();
    for (SchemaNode node : writer.nodes()) {
      ObjectRules rules = node.objects();
      boolean named = rules.properties().containsKey(name) || rules.required().contains(name);
      if (named
          || rules.patterns().keySet().stream()
              .anyMatch(pattern -> patterns.matches(pattern, name) != Truth.NO)) {
        return true;
      }
    }
    return false;
  }
}
