package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of a value.
 *
 * @param holds schemas that accept it, the writer's own first
 * @param fails schemas that refuse it
 */
record Known(Set<SchemaNode> holds, Set<SchemaNode> fails) {
  static final Known NOTHING = new Known(Set.of(), Set.of());

  static Known valid(SchemaNode schema) {
    return NOTHING.and(schema);
  }

  static Known valid(Collection<SchemaNode> schemas) {
    return NOTHING.and(schemas, List.of());
  }

  Known and(SchemaNode accepted) {
    return and(List.of(accepted), List.of());
  }

  Known andNot(SchemaNode refused) {
    return and(List.of(), List.of(refused));
  }

  Known and(Collection<SchemaNode> accepted, Collection<SchemaNode> refused) {
    return new Known(joined(holds, accepted), joined(fails, refused));
  }

  private static Set<SchemaNode> joined(Set<SchemaNode> some, Collection<SchemaNode> more) {
    if (more.isEmpty()) {
      return some;
    }
    Set<SchemaNode> all = new LinkedHashSet<>(some);
    all.addAll(more);
    return Collections.unmodifiableSet(all);
  }
}
