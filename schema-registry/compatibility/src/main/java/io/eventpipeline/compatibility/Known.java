package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is known of a value: schemas that accept it and schemas that refuse it. Immutable. */
final class Known {
  static final Known NOTHING = new Known(Set.of(), Set.of());

  private final Set<SchemaNode> holds;
  private final Set<SchemaNode> fails;

  /** Kept: it is asked for at every step, and the sets grow with every case distinction. */
  private final int hash;

  private Known(Set<SchemaNode> holds, Set<SchemaNode> fails) {
    this.holds = holds;
    this.fails = fails;
    this.hash = holds.hashCode() * 31 + fails.hashCode();
  }

  static Known valid(SchemaNode schema) {
    return NOTHING.and(schema);
  }

  static Known valid(Collection<SchemaNode> schemas) {
    return NOTHING.and(schemas, List.of());
  }

  /** Schemas that accept it, the writer's own first. */
  Set<SchemaNode> holds() {
    return holds;
  }

  /** Schemas that refuse it. */
  Set<SchemaNode> fails() {
    return fails;
  }

  /** How many schemas it names; to copy, to hash and to compare it takes so long. */
  int size() {
    return holds.size() + fails.size();
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Known known
        && hash == known.hash
        && holds.equals(known.holds)
        && fails.equals(known.fails);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
