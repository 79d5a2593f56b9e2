package io.eventpipeline.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;

/** How a body is compressed, as its headers say (RFC 9110 section 8.4). */
enum ContentEncoding {
  IDENTITY,
  /** {@code gzip}, by its old name {@code x-gzip}. */
  GZIP,
  /** Any other, or several one around the other. */
  OTHER;

  static ContentEncoding of(MultiMap headers) {
    String encoding = headers.get(HttpHeaders.CONTENT_ENCODING);
    if (encoding == null) {
      return IDENTITY;
    }
    if (headers.getAll(HttpHeaders.CONTENT_ENCODING).size() > 1) {
      return OTHER;
    }
    return switch (encoding.trim().toLowerCase(Locale.ROOT)) {
      case "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      default -> OTHER;
    };
  }
}
