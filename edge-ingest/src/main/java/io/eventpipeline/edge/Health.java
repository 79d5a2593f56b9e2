package io.eventpipeline.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;

/**
 * Liveness and readiness, from memory: {@code {"status":"ok"}} or 503 {@code
 * {"status":"unavailable","reasons":[…]}}.
 *
 * <p>Ready means: Kafka answers for the raw topic, write keys were read, the edge is not stopping.
 */
final class Health {
  private final EventPublisher publisher;
  private final WriteKeys keys;
  private volatile boolean stopping;

  Health(EventPublisher publisher, WriteKeys keys) {
    this.publisher = publisher;
    this.keys = keys;
  }

  /** From now on the edge is not ready. */
  void stopping() {
    stopping = true;
  }

  /** Why no event can be taken; empty when the edge is ready. */
  List<String> reasons() {
    return Stream.of(
            publisher.unavailable().stream(),
            keys.unavailable().stream(),
            stopping ? Stream.of("the edge is stopping") : Stream.<String>empty())
        .flatMap(reason -> reason)
        .toList();
  }

  void live(RoutingContext ctx) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end("{\"status\":\"ok\"}");
  }

  void ready(RoutingContext ctx) {
    List<String> reasons = reasons();
    StringBuilder out = new StringBuilder(64);
    if (reasons.isEmpty()) {
      out.append("{\"status\":\"ok\"}");
    } else {
      out.append("{\"status\":\"unavailable\",\"reasons\":[");
      for (int i = 0; i < reasons.size(); i++) {
        JsonText.quoted(i == 0 ? out : out.append(','), reasons.get(i));
      }
      out.append("]}");
    }
    ctx.response()
        .setStatusCode(reasons.isEmpty() ? 200 : 503)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(out.toString());
  }
}
