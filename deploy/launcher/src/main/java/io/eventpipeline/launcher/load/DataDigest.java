package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.TreeMap;
import java.util.zip.CRC32;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A number for the meaning of a JSON text: the same for what was sent and for what a JSON column
 * gives back, which keeps neither the order of members nor how a number was written.
 */
final class DataDigest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Of a text that cannot be read. */
  static final int UNREADABLE = -1;

  private DataDigest() {}

  /** Of the member {@code data} of an event. */
  static int ofEvent(byte[] event) {
    try {
      return of(JSON.readTree(event).path("data"));
    } catch (JacksonException e) {
      return UNREADABLE;
    }
  }

  /** Of {@code data} alone. */
  static int ofData(byte[] data) {
    try {
      return of(JSON.readTree(data));
    } catch (JacksonException e) {
      return UNREADABLE;
    }
  }

  private static int of(JsonNode data) {
    StringBuilder text = new StringBuilder();
    write(data, text);
    CRC32 crc = new CRC32();
    crc.update(text.toString().getBytes(UTF_8));
    return (int) crc.getValue();
  }

  private static void write(JsonNode node, StringBuilder text) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> members = new TreeMap<>();
      node.propertyStream().forEach(member -> members.put(member.getKey(), member.getValue()));
      text.append('{');
      members.forEach(
          (name, value) -> {
            text.append(name).append(':');
            write(value, text);
            text.append(',');
          });
      text.append('}');
    } else if (node.isArray()) {
      text.append('[');
      for (JsonNode item : node) {
        write(item, text);
        text.append(',');
      }
      text.append(']');
    } else if (node.isNumber()) {
      BigDecimal number = node.decimalValue();
      text.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
    } else {
      text.append(node); // as JSON: a text stays apart from a number
    }
  }
}
