package io.eventpipeline.compatibility.schema;

import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Finds schemas that lead back to themselves without going into a member or item. */
final class Circles {
  private final Set<SchemaNode> done = new HashSet<>();
  private final Set<SchemaNode> under = new HashSet<>();
  private final int depthMax;

  Circles(int depthMax) {
    this.depthMax = depthMax;
  }

  /** Checks one schema and all that apply to the same value. */
  void check(SchemaNode node) throws UnusableSchemaException {
    if (done.contains(node)) {
      return;
    }
    if (!under.add(node)) {
      throw new UnusableSchemaException(
          Reason.ENDLESS_REFERENCE, node.location(), "a schema that refers to itself without end");
    }
    if (under.size() > depthMax) {
      throw new UnusableSchemaException(
          Reason.TOO_LARGE, node.location(), "a chain of more than " + depthMax + " schemas");
    }
    for (SchemaNode next : next(node)) {
      check(next);
    }
    under.remove(node);
    done.add(node);
  }

  private static List<SchemaNode> next(SchemaNode node) {
    Combinators rules = node.combined();
    List<SchemaNode> next = new ArrayList<>(rules.allOf());
    if (rules.anyOf() != null) {
      next.addAll(rules.anyOf());
    }
    if (rules.oneOf() != null) {
      next.addAll(rules.oneOf());
    }
    next.add(rules.not());
    next.add(rules.condition());
    next.add(rules.then());
    next.add(rules.otherwise());
    next.add(node.target());
    next.addAll(node.objects().dependentSchemas().values());
    next.removeIf(Objects::isNull);
    return next;
  }
}
