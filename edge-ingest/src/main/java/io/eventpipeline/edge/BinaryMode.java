package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.edge.event.ParsedEvent;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Map;

/**
 * CloudEvents in binary mode (HTTP binding 1.0.2, section 3.1): the attributes are {@code ce-}
 * headers, {@code datacontenttype} is the content type, the data is the body.
 *
 * <p>Such an event becomes the same event in structured mode: the attributes as JSON members, then
 * {@code data} with the bytes of the body, untouched. From there on it is held to what any event is
 * held to; positions in the explanation of a fault count in the structured event.
 */
final class BinaryMode {
  private static final String PREFIX = "ce-";
  private static final int ESCAPE_CHARS = 3;

  private BinaryMode() {}

  /**
   * Reads one event. Refuses with {@code invalid_attribute} also a header that names no attribute
   * or whose value is not percent-encoded as the binding says, with {@code duplicate_key} one that
   * comes twice, with {@code malformed_json} a body that is not exactly one JSON value.
   */
  static ParsedEvent parse(MultiMap headers, byte[] body, int length, EventParser parser) {
    StringBuilder members = new StringBuilder(512).append("{\"datacontenttype\":");
    JsonText.quoted(members, headers.get(HttpHeaders.CONTENT_TYPE));
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        String value = decode(header.getValue());
        if (value == null || !isAttribute(name)) {
          return ParsedEvent.refused(
              FailureReason.INVALID_ATTRIBUTE,
              value == null
                  ? "the header " + name + " is not percent-encoded UTF-8"
                  : "the header " + name + " names no attribute: a to z and 0 to 9 make a name");
        }
        JsonText.quoted(members.append(','), name.substring(PREFIX.length())).append(':');
        JsonText.quoted(members, value);
      }
    }
    byte[] event = around(members, body, length);
    return parser.parseWrapped(event, 0, event.length);
  }

  private static byte[] around(StringBuilder members, byte[] body, int length) {
    boolean hasData = false;
    for (int i = 0; i < length && !hasData; i++) {
      hasData = body[i] < 0 || body[i] > ' ';
    }
    byte[] front = (hasData ? members.append(",\"data\":") : members).toString().getBytes(UTF_8);
    int data = hasData ? length : 0;
    byte[] event = new byte[front.length + data + 1];
    System.arraycopy(front, 0, event, 0, front.length);
    System.arraycopy(body, 0, event, front.length, data);
    event[event.length - 1] = '}';
    return event;
  }

  /** CloudEvents 1.0 section 3.1: lower-case letters and digits. */
  private static boolean isAttribute(String header) {
    for (int i = PREFIX.length(); i < header.length(); i++) {
      char c = header.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return header.length() > PREFIX.length();
  }

  /**
   * The text of a header: without the quotes of a quoted string, then percent-decoded once (section
   * 3.1.3.2); null when it cannot be read so.
   */
  static String decode(String value) {
    String text = isQuoted(value) ? unquoted(value) : value;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int octet = c == '%' ? escaped(text, at) : c;
      if (octet < 0 || (c != '%' && (c < ' ' || c > '~'))) {
        return null;
      }
      bytes.write(octet);
      at += c == '%' ? ESCAPE_CHARS : 1;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      return null; // a refusal, not a fault of ours
    }
  }

  private static int escaped(String text, int at) {
    if (at + ESCAPE_CHARS > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at + 1), 16);
    int low = Character.digit(text.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static boolean isQuoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
  }

  /** RFC 9110 section 5.6.4; older versions of the binding wrote such values. */
  private static String unquoted(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 1; i < value.length() - 1; i++) {
      if (value.charAt(i) == '\\' && i + 1 < value.length() - 1) {
        i++;
      }
      text.append(value.charAt(i));
    }
    return text.toString();
  }
}
