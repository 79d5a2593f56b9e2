package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.NullNode;

/** The values that are possible where there are only a few: each can then be tried. */
final class Enumeration {
  /** A rating, an hour, a month, a percentage: ranges that people list one by one elsewhere. */
  private static final int INTEGERS_MAX = 128;

  private Enumeration() {}

  /** Null when there are too many. */
  static List<JsonNode> of(Facts facts) {
    List<JsonNode> fewest = null;
    for (SchemaNode node : facts.nodes()) {
      if (node.values() != null && (fewest == null || node.values().size() < fewest.size())) {
        fewest = node.values();
      }
    }
    return fewest != null ? fewest : byType(facts);
  }

  private static List<JsonNode> byType(Facts facts) {
    EnumSet<JsonType> few = EnumSet.of(JsonType.NULL, JsonType.BOOLEAN, JsonType.INTEGER);
    if (!few.containsAll(facts.types())) {
      return null;
    }
    List<JsonNode> values = new ArrayList<>();
    if (facts.may(JsonType.NULL)) {
      values.add(NullNode.getInstance());
    }
    if (facts.may(JsonType.BOOLEAN)) {
      values.add(BooleanNode.TRUE);
      values.add(BooleanNode.FALSE);
    }
    if (facts.may(JsonType.INTEGER)) {
      BigDecimal from = facts.numbers().firstInteger();
      BigDecimal to = facts.numbers().lastInteger();
      boolean listed =
          from != null
              && to != null
              && to.subtract(from).compareTo(BigDecimal.valueOf(INTEGERS_MAX)) < 0;
      if (!listed) {
        return null;
      }
      for (BigDecimal i = from; i.compareTo(to) <= 0; i = i.add(BigDecimal.ONE)) {
        values.add(DecimalNode.valueOf(i));
      }
    }
    return values;
  }
}
