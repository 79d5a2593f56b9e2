package io.eventpipeline.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * One text for all spellings of the same JSON value: members sorted by name, numbers by value, no
 * white space. The order of arrays is kept, also where a schema's meaning does not depend on it.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  /** SHA-256 of the canonical form in UTF-8, hexadecimal. */
  static String sha256(JsonNode value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(of(value).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The canonical form. */
  public static String of(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonNode value, StringBuilder out) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
      out.append('{');
      String separator = "";
      for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
        out.append(separator).append(StringNode.valueOf(member.getKey())).append(':');
        write(member.getValue(), out);
        separator = ",";
      }
      out.append('}');
    } else if (value.isArray()) {
      out.append('[');
      for (Iterator<JsonNode> items = value.iterator(); items.hasNext(); ) {
        write(items.next(), out);
        out.append(items.hasNext() ? "," : "");
      }
      out.append(']');
    } else if (value.isNumber()) {
      out.append(value.decimalValue().stripTrailingZeros()); // 1, 1.0 and 1e0 are one number
    } else {
      out.append(value);
    }
  }
}
