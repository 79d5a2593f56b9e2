package io.eventpipeline.edge;

import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.edge.event.ParsedEvent;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code POST /v1/events}: one event, 202 with its place in Kafka after the acknowledgement.
 *
 * <p>{@code application/json} with the header {@code ce-specversion} is CloudEvents' binary mode.
 * With the content type of CloudEvents' batched mode it takes and answers what the batch path does.
 * One for each event loop.
 */
final class SubmitHandler implements Handler<RoutingContext> {
  private static final String TAKEN =
      "application/json, application/cloudevents+json or application/cloudevents-batch+json";

  private final Intake intake;
  private final EventParser parser = new EventParser();

  SubmitHandler(Intake intake) {
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
      case JSON, CLOUDEVENT ->
          intake.readEvent(
              ctx, (bytes, length) -> submit(ctx, parser.parse(bytes, 0, length), key));
      case BINARY_MODE -> {
        MultiMap headers = ctx.request().headers();
        intake.readEvent(
            ctx,
            (bytes, length) -> submit(ctx, BinaryMode.parse(headers, bytes, length, parser), key));
      }
      case CLOUDEVENTS_BATCH ->
          intake.readBatch(
              ctx, (bytes, length) -> intake.answer(ctx, parser.parseArray(bytes, 0, length), key));
      case NDJSON, OTHER_CHARSET, ENCODED, OTHER -> intake.unsupported(ctx, type, TAKEN);
    }
  }

  private void submit(RoutingContext ctx, ParsedEvent event, WriteKey key) {
    intake
        .submitter()
        .submit(
            List.of(event),
            key,
            settled -> {
              if (settled.reason(0) == null) {
                Intake.respond(ctx, 202, ResultWriter.single(settled));
              } else {
                Problems.refuse(ctx, settled.reason(0), settled.detail(0));
              }
            });
  }
}
