package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.ParsedBatch;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * What the two REST paths share: write key, content type and size are checked before a byte of the
 * body is kept; a batch is answered when its last event is settled. One for each event loop.
 */
final class Intake {
  private final EdgeConfig.Http config;
  private final Credentials credentials;
  private final BodyBudget budget;
  private final EdgeStats stats;
  private final Submitter submitter;

  Intake(
      EdgeConfig.Http config,
      Credentials credentials,
      BodyBudget budget,
      EdgeStats stats,
      Submitter submitter) {
    this.config = config;
    this.credentials = credentials;
    this.budget = budget;
    this.stats = stats;
    this.submitter = submitter;
  }

  /** The write key of the request; null after the request was refused. */
  WriteKey requireKey(RoutingContext ctx) {
    return credentials.require(ctx);
  }

  /** Reads a body with one event; {@code body} is not called when the request is refused. */
  void readEvent(RoutingContext ctx, BodyReader.Body body) {
    BodyReader.read(ctx, config.bodyBytesMax(), config.bodyTimeout(), budget, stats, body);
  }

  /** Reads a body with many; {@code body} is not called when the request is refused. */
  void readBatch(RoutingContext ctx, BodyReader.Body body) {
    BodyReader.read(ctx, config.batchBytesMax(), config.bodyTimeout(), budget, stats, body);
  }

  Submitter submitter() {
    return submitter;
  }

  /** Publishes a batch and answers 200 with a result for each event. */
  void answer(RoutingContext ctx, ParsedBatch batch, WriteKey key) {
    if (batch.refusal() != null) {
      refuse(ctx, batch.refusal(), batch.detail());
      return;
    }
    submitter.submit(
        batch.events(), key, settled -> respond(ctx, 200, ResultWriter.batch(settled)));
  }

  /** Refuses a body that is written in a way that the path does not take. */
  void unsupported(RoutingContext ctx, MediaType type, String taken) {
    if (type == MediaType.ENCODED) {
      ctx.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "gzip"); // RFC 9110 section 12.5.3
    }
    refuse(ctx, FailureReason.UNSUPPORTED_MEDIA_TYPE, type.refusal(taken));
  }

  /** Refuses a request as a whole. */
  private void refuse(RoutingContext ctx, FailureReason reason, String detail) {
    stats.refusedAsAWhole(reason);
    Problems.refuse(ctx, reason, detail);
  }

  /** Answers with JSON, unless the client is gone. */
  static void respond(RoutingContext ctx, int status, String json) {
    if (!ctx.response().closed() && !ctx.response().ended()) {
      ctx.response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(json);
    }
  }
}
