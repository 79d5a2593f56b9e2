package io.eventpipeline.registry.confluent;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;

/** Tells requests of this dialect from those of the native API. */
public final class Dialect {
  private static final List<String> PATHS =
      List.of(
          "/subjects",
          "/config",
          "/mode",
          "/contexts",
          "/compatibility",
          "/v1/metadata",
          "/schemas/ids",
          "/schemas/guids");

  /** Nothing is below it in this dialect. */
  private static final String TYPES = "/schemas/types";

  /** Parameters that {@code GET /schemas} has in this dialect only. */
  private static final List<String> LIST_PARAMETERS =
      List.of("subjectPrefix", "deleted", "deletedOnly", "latestOnly", "offset", "aliases");

  private Dialect() {}

  /** Whether the answer, and any error, has to be in this dialect. */
  public static boolean isMeant(RoutingContext ctx) {
    String path = ctx.normalizedPath();
    return PATHS.stream().anyMatch(p -> path.equals(p) || path.startsWith(p + "/"))
        || path.equals(TYPES)
        || isSchemaList(ctx);
  }

  /**
   * {@code GET /schemas} exists in both: it is meant here when the caller names the protocol's
   * media type, or a parameter that the native list does not have.
   */
  static boolean isSchemaList(RoutingContext ctx) {
    return ctx.request().method().equals(HttpMethod.GET)
        && ctx.normalizedPath().equals("/schemas")
        && (Stream.of(HttpHeaders.ACCEPT, HttpHeaders.CONTENT_TYPE)
                .anyMatch(header -> MediaTypes.isVendor(ctx.request().getHeader(header)))
            || LIST_PARAMETERS.stream().anyMatch(ctx.queryParams()::contains));
  }
}
