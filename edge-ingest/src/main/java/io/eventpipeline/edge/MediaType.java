package io.eventpipeline.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;

/** How the events of a body are written, as its headers say. */
enum MediaType {
  /** {@code application/json}: one event, or an array of them where the path is for batches. */
  JSON,
  /** {@code application/cloudevents+json}: one event, structured mode. */
  CLOUDEVENT,
  /** {@code application/cloudevents-batch+json}: an array of events, batched mode. */
  CLOUDEVENTS_BATCH,
  /** {@code application/x-ndjson}, {@code application/ndjson}, {@code application/jsonl}. */
  NDJSON,
  /** {@code application/json} that is data alone: one event, binary mode, see its headers. */
  BINARY_MODE,
  /** A charset other than UTF-8. */
  OTHER_CHARSET,
  /** A content encoding other than gzip or none. */
  ENCODED,
  /** Anything else, or nothing. */
  OTHER;

  private static final String BINARY_MODE_MARK = "ce-specversion";

  static MediaType of(MultiMap headers) {
    if (ContentEncoding.of(headers) == ContentEncoding.OTHER) {
      return ENCODED;
    }
    String contentType = headers.get(HttpHeaders.CONTENT_TYPE);
    if (contentType == null) {
      return OTHER;
    }
    if (contentType.equals("application/json")) {
      return headers.contains(BINARY_MODE_MARK) ? BINARY_MODE : JSON;
    }
    return parse(contentType.toLowerCase(Locale.ROOT), headers);
  }

  private static MediaType parse(String contentType, MultiMap headers) {
    int end = contentType.indexOf(';');
    String type = (end < 0 ? contentType : contentType.substring(0, end)).trim();
    String parameters = end < 0 ? "" : contentType.substring(end + 1);
    if (!isUtf8(parameters)) {
      return OTHER_CHARSET;
    }
    return switch (type) {
      case "application/cloudevents+json" -> CLOUDEVENT;
      case "application/cloudevents-batch+json" -> CLOUDEVENTS_BATCH;
      case "application/x-ndjson", "application/ndjson", "application/jsonl" -> NDJSON;
      case "application/json" -> headers.contains(BINARY_MODE_MARK) ? BINARY_MODE : JSON;
      default -> OTHER;
    };
  }

  private static boolean isUtf8(String parameters) {
    for (String parameter : parameters.split(";", -1)) {
      String trimmed = parameter.trim();
      if (trimmed.startsWith("charset=")) {
        String charset = trimmed.substring("charset=".length()).replace("\"", "");
        return charset.equals("utf-8") || charset.equals("us-ascii");
      }
    }
    return true;
  }

  /** For people: what is wrong with it, given what the path takes. */
  String refusal(String taken) {
    return switch (this) {
      case BINARY_MODE ->
          "CloudEvents binary mode is for single events; here it has to be " + taken;
      case OTHER_CHARSET -> "JSON is UTF-8";
      case ENCODED -> "the Content-Encoding has to be gzip, or there has to be none";
      case JSON, CLOUDEVENT, CLOUDEVENTS_BATCH, NDJSON, OTHER ->
          "the Content-Type has to be " + taken;
    };
  }
}
