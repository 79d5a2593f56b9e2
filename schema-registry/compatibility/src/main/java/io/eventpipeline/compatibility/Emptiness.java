package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.pattern.Language;
import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.List;
import java.util.Optional;

/**
 * Whether no value at all is like what is known. "Sure" is certain; "not sure" says nothing: a
 * value need not exist. Well-founded: it never assumes what it is asked.
 */
final class Emptiness {
  /** Contradictions that people write are near the surface: a discriminator, a bound. */
  private static final int DEPTH_MAX = 3;

  private static final int ITEMS_MAX = 8;

  private final Containment containment;
  private int depth;

  Emptiness(Containment containment) {
    this.containment = containment;
  }

  boolean isSure(Known known) {
    if (depth >= DEPTH_MAX) {
      return false;
    }
    depth++;
    try {
      Facts facts = containment.facts(known);
      return facts.impossible() || noTypeLeft(facts) || isDenied(facts) || noWayLeft(facts);
    } finally {
      depth--;
    }
  }

  private boolean noTypeLeft(Facts facts) {
    for (JsonType type : facts.types()) {
      if (!isEmpty(facts, type)) {
        return false;
      }
    }
    return true;
  }

  private boolean isEmpty(Facts facts, JsonType type) {
    return switch (type) {
      case NULL, BOOLEAN -> false;
      case INTEGER -> facts.numbers().emptyOfIntegers();
      case FRACTION -> facts.numbers().empty();
      case STRING -> noString(facts);
      case ARRAY -> noArray(facts);
      case OBJECT -> noObject(facts);
    };
  }

  private boolean noString(Facts facts) {
    if (facts.minLength() > facts.maxLength()) {
      return true;
    }
    return !facts.patterns().isEmpty()
        && containment
                .patterns()
                .search(facts.patterns(), facts.minLength(), facts.maxLength(), Optional.empty())
                .answer()
            == Language.Answer.NONE;
  }

  private boolean noArray(Facts facts) {
    if (facts.minItems() > facts.maxItems()) {
      return true;
    }
    for (int i = 0; i < Math.min(facts.minItems(), ITEMS_MAX); i++) {
      if (isSure(facts.item(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean noObject(Facts facts) {
    if (facts.minProperties() > facts.maxProperties()) {
      return true;
    }
    for (String name : facts.required()) {
      if (isSure(Offers.of(facts, name, containment.patterns()))) {
        return true;
      }
    }
    return false;
  }

  /** All such values are accepted by a schema that is known to refuse them. */
  private boolean isDenied(Facts facts) {
    for (SchemaNode denied : facts.denied()) {
      Known rest = facts.known().holds().isEmpty() ? null : facts.known();
      if (rest != null && containment.within(rest, denied).strictly()) {
        return true;
      }
    }
    return false;
  }

  private boolean noWayLeft(Facts facts) {
    List<Known> ways = facts.alternatives();
    return !ways.isEmpty() && ways.stream().allMatch(this::isSure);
  }
}
