package io.eventpipeline.schema.migration;

import com.dashjoin.jsonata.Jsonata;
import io.eventpipeline.contract.EventLimits;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as the library has it, and back. What a migration passes on unchanged keeps its value;
 * arithmetic is done in doubles, as JSONata says.
 */
final class Values {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Beyond it a double is not exact, so a whole one is left as it is. */
  private static final double WHOLE_MAX = 1L << 53;

  /** Far beyond a double; a text of 1e999999999 in plain digits would take a gigabyte. */
  private static final int SCALE_MAX = 1_000;

  private long left = MigrationLimits.SIZE_MAX;

  private Values() {}

  static Object of(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      node.properties().forEach(member -> map.put(member.getKey(), of(member.getValue())));
      return map;
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>(node.size());
      node.forEach(item -> list.add(of(item)));
      return list;
    }
    if (node.isNumber()) {
      return number(node);
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isString() ? node.stringValue() : Jsonata.NULL_VALUE; // null is "not there"
  }

  /** Of the kinds that the library's arithmetic expects, where they hold the same number. */
  private static Number number(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.numberValue();
    }
    BigDecimal exact = node.decimalValue();
    if (Math.abs((long) exact.scale()) > SCALE_MAX) {
      throw new Unusable("a number out of range");
    }
    double binary = exact.doubleValue();
    boolean same =
        Double.isFinite(binary) && new BigDecimal(Double.toString(binary)).compareTo(exact) == 0;
    return same ? (Number) binary : exact;
  }

  /**
   * The result as JSON.
   *
   * @throws Unusable when there is none, or when it is too large, too deep, or no JSON
   */
  static JsonNode toJson(Object value) {
    if (value == null) {
      throw new Unusable("the expression yields nothing");
    }
    return new Values().node(value, 1);
  }

  private JsonNode node(Object value, int depth) {
    if (depth > EventLimits.DEPTH_MAX) {
      throw new Unusable("the result is nested deeper than " + EventLimits.DEPTH_MAX);
    }
    take(1);
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      map.forEach(
          (name, member) -> {
            String text = String.valueOf(name);
            take(text.length());
            if (member != null) {
              object.set(text, node(member, depth + 1));
            }
          });
      return object;
    }
    if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode();
      list.forEach(item -> array.add(item == null ? NODES.nullNode() : node(item, depth + 1)));
      return array;
    }
    if (value instanceof String text) {
      take(text.length());
      return NODES.stringNode(text);
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Number number) {
      return numeric(number);
    }
    if (value == Jsonata.NULL_VALUE) {
      return NODES.nullNode();
    }
    throw new Unusable("the result holds a function");
  }

  private static JsonNode numeric(Number number) {
    if (number instanceof Integer || number instanceof Long || number instanceof Short) {
      return NODES.numberNode(number.longValue());
    }
    if (number instanceof BigInteger whole) {
      return NODES.numberNode(whole);
    }
    if (number instanceof BigDecimal exact) {
      return NODES.numberNode(exact);
    }
    double binary = number.doubleValue();
    if (!Double.isFinite(binary)) {
      throw new Unusable("a number out of range");
    }
    return binary == Math.rint(binary) && Math.abs(binary) <= WHOLE_MAX
        ? NODES.numberNode((long) binary) // 2, as JSON has it, and not 2.0
        : NODES.numberNode(new BigDecimal(Double.toString(binary)));
  }

  private void take(int size) {
    left -= size;
    if (left < 0) {
      throw new Unusable("a result larger than " + MigrationLimits.SIZE_MAX);
    }
  }
}
