package io.eventpipeline.edge;

import io.eventpipeline.edge.event.EventParser;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /v1/events/batch}: a JSON array or NDJSON of 1 to 1000 events, 200 with one result
 * for each, in order, when all are settled.
 *
 * <p>A bad event is refused alone. Only what leaves nothing to tell apart refuses the whole: broken
 * array syntax or encoding, no events, too many, too many bytes. One for each event loop.
 */
final class BatchHandler implements Handler<RoutingContext> {
  private static final String TAKEN =
      "application/json, application/cloudevents-batch+json or application/x-ndjson";

  private final Intake intake;
  private final EventParser parser = new EventParser();

  BatchHandler(Intake intake) {
    this.intake = intake;
  }

  @Override
  public void handle(RoutingContext ctx) {
    WriteKey key = intake.requireKey(ctx);
    if (key == null) {
      return;
    }
    MediaType type = MediaType.of(ctx.request().headers());
    switch (type) {
      case JSON, CLOUDEVENTS_BATCH ->
          intake.readBatch(
              ctx, (bytes, length) -> intake.answer(ctx, parser.parseArray(bytes, 0, length), key));
      case NDJSON ->
          intake.readBatch(
              ctx, (bytes, length) -> intake.answer(ctx, parser.parseLines(bytes, 0, length), key));
      case CLOUDEVENT, BINARY_MODE, OTHER_CHARSET, ENCODED, OTHER ->
          intake.unsupported(ctx, type, TAKEN);
    }
  }
}
