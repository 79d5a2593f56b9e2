package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.zip.CRC32;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the reconciliation needs to read of an event in Kafka.
 *
 * @param id CloudEvents {@code id}; {@code ""} when it cannot be read, as with the others
 * @param source CloudEvents {@code source}
 * @param store extension {@code storeid}
 * @param type CloudEvents {@code type}
 */
record Envelope(String id, String source, String store, String type) {
  private static final Envelope UNREADABLE = new Envelope("", "", "", "");
  private static final JsonFactory JSON = JsonFactory.builder().build();

  /**
   * Where this side's bytes start: the generator writes {@code type} first, and the edge splices
   * what it adds before it.
   */
  static final String FIRST_MEMBER = "\"type\":";

  private static final byte[] FIRST = FIRST_MEMBER.getBytes(US_ASCII);
  private static final byte[] ENRICHMENT = ",\"enrichment\":".getBytes(US_ASCII);

  /** Reads the attributes of {@code json}; an event that is no JSON object gives empty ones. */
  static Envelope read(byte[] json) {
    String id = "";
    String source = "";
    String store = "";
    String type = "";
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return UNREADABLE;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value != JsonToken.VALUE_STRING) {
          parser.skipChildren();
          continue;
        }
        switch (name) {
          case "id" -> id = parser.getString();
          case "source" -> source = parser.getString();
          case "storeid" -> store = parser.getString();
          case "type" -> type = parser.getString();
          default -> {}
        }
        if (!id.isEmpty() && !source.isEmpty() && !store.isEmpty() && !type.isEmpty()) {
          break;
        }
      }
    } catch (JacksonException e) {
      return UNREADABLE;
    }
    return new Envelope(id, source, store, type);
  }

  /**
   * CRC-32 of an event from its member {@code type} on, as ClickHouse's {@code CRC32} computes it:
   * the same for what was sent and for what arrived, although the edge adds members in front and
   * the job one at the end. 0 when there is no such member.
   */
  static int checksum(byte[] json) {
    int from = indexOf(json, FIRST, 0, json.length);
    if (from < 0) {
      return 0;
    }
    CRC32 crc = new CRC32();
    int enrichment = lastIndexOf(json, ENRICHMENT);
    if (enrichment < from) {
      crc.update(json, from, json.length - from);
    } else {
      crc.update(json, from, enrichment - from);
      crc.update('}');
    }
    return (int) crc.getValue();
  }

  private static int indexOf(byte[] text, byte[] part, int from, int to) {
    for (int i = from; i <= to - part.length; i++) {
      if (text[i] == part[0] && Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  private static int lastIndexOf(byte[] text, byte[] part) {
    for (int i = text.length - part.length; i >= 0; i--) {
      if (text[i] == part[0] && Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
