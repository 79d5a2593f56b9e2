package io.eventpipeline.registry.confluent;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which names the protocol has for JSON. */
public final class MediaTypes {
  static final String V1 = "application/vnd.schemaregistry.v1+json";
  private static final String UNVERSIONED = "application/vnd.schemaregistry+json";
  private static final String JSON = "application/json";
  private static final String VENDOR = "application/vnd.schemaregistry";

  /** {@code application/octet-stream} is what a client sends that names no type. */
  private static final Set<String> REQUEST =
      Set.of(V1, UNVERSIONED, JSON, "application/octet-stream");

  private MediaTypes() {}

  /** Whether a header names a type that only this protocol has. */
  static boolean isVendor(String header) {
    return header != null && header.toLowerCase(Locale.ROOT).contains(VENDOR);
  }

  /** Whether a body of this type is read; one without a type is. */
  static boolean isReadable(String contentType) {
    return contentType == null
        || REQUEST.contains(contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
  }

  /** The type of the answer: what the caller names first of ours, V1 when he names none. */
  static String answer(RoutingContext ctx) {
    return answer(ctx.request().getHeader(HttpHeaders.ACCEPT));
  }

  /**
   * As {@link #answer(RoutingContext)}.
   *
   * @param accept may be null
   */
  public static String answer(String accept) {
    if (accept != null) {
      for (String range : accept.split(",", -1)) {
        String type = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (List.of(V1, UNVERSIONED, JSON).contains(type)) {
          return type;
        }
      }
    }
    return V1;
  }
}
