package io.eventpipeline.compatibility.schema;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Equality of JSON values as JSON Schema defines it: numbers by value, members in any order. */
public final class JsonValues {
  private JsonValues() {}

  /** How many values there are in it, itself included. */
  public static long count(JsonNode value) {
    long count = 1;
    for (JsonNode child : value) {
      count += count(child);
    }
    return count;
  }

  /** The same text for equal values and for no others. */
  public static String text(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonNode value, StringBuilder out) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
      out.append('{');
      for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
        out.append(StringNode.valueOf(member.getKey())).append(':');
        write(member.getValue(), out);
        out.append(',');
      }
      out.append('}');
    } else if (value.isArray()) {
      out.append('[');
      for (Iterator<JsonNode> items = value.iterator(); items.hasNext(); ) {
        write(items.next(), out);
        out.append(',');
      }
      out.append(']');
    } else if (value.isNumber()) {
      out.append(number(value.decimalValue()));
    } else {
      out.append(value);
    }
  }

  private static String number(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
  }
}
