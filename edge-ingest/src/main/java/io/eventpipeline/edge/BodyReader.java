package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;

/**
 * Reads one body into an array, within a limit, a memory budget and a total time.
 *
 * <p>Refuses with {@code body_too_large} as soon as the head or a byte says so, with {@code
 * unavailable} when the budget of all bodies is used up, with 408 when the body is late (an idle
 * timeout alone is fed by one byte a second).
 */
final class BodyReader {
  private static final int CAPACITY_FIRST = 65_536;

  /** Takes the bytes; the array may be longer than the body. */
  interface Body {
    void read(byte[] bytes, int length);
  }

  private final RoutingContext ctx;
  private final int bytesMax;
  private final BodyBudget budget;
  private final EdgeStats stats;
  private final Body body;
  private byte[] bytes;
  private int length;
  private long announced;
  private long timer = -1;
  private boolean over;

  private BodyReader(
      RoutingContext ctx, int bytesMax, BodyBudget budget, EdgeStats stats, Body body) {
    this.ctx = ctx;
    this.bytesMax = bytesMax;
    this.budget = budget;
    this.stats = stats;
    this.body = body;
  }

  /** Starts to read; {@code body} is called at the end unless the request was refused before. */
  static void read(
      RoutingContext ctx,
      int bytesMax,
      Duration timeout,
      BodyBudget budget,
      EdgeStats stats,
      Body body) {
    new BodyReader(ctx, bytesMax, budget, stats, body).start(timeout);
  }

  private void start(Duration timeout) {
    HttpServerRequest request = ctx.request();
    announced = announced(request);
    if (announced < -1) {
      Problems.refuse(ctx, 400, "the Content-Length is no length");
      return;
    }
    if (announced > bytesMax) {
      refuse(FailureReason.BODY_TOO_LARGE, tooLarge());
      return;
    }
    // No more than this on the word of a head alone
    int capacity = (int) Math.min(announced >= 0 ? announced : bytesMax, CAPACITY_FIRST);
    if (!budget.take(capacity)) {
      refuse(FailureReason.UNAVAILABLE, "too many bodies at once");
      return;
    }
    bytes = new byte[capacity];
    request.exceptionHandler(gone -> finish());
    request.endHandler(end -> complete());
    request.handler(chunk -> append(chunk, timeout));
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      ctx.response().writeContinue();
    }
    if (announced < 0) {
      watch(timeout);
    }
  }

  /** Length that the head announces; -1 when it announces none, -2 when it is no length. */
  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Math.max(-2, Long.parseUnsignedLong(length));
    } catch (NumberFormatException e) {
      return -2;
    }
  }

  private void append(Buffer chunk, Duration timeout) {
    if (over) {
      return;
    }
    int end = length + chunk.length();
    if (end > bytesMax) {
      refuse(FailureReason.BODY_TOO_LARGE, tooLarge());
      return;
    }
    if (end > bytes.length && !grow(end)) {
      refuse(FailureReason.UNAVAILABLE, "too many bodies at once");
      return;
    }
    chunk.getBytes(bytes, length);
    length = end;
    if (timer < 0 && length < announced) {
      watch(timeout); // most bodies arrive whole with their head and need none
    }
  }

  private boolean grow(int needed) {
    int capacity = Math.min(bytesMax, Math.max(needed, bytes.length * 2));
    if (!budget.take(capacity - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  private void watch(Duration timeout) {
    timer =
        ctx.vertx()
            .setTimer(
                timeout.toMillis(),
                late -> {
                  if (!over) {
                    finish();
                    Problems.refuse(ctx, 408, "the body took longer than " + timeout);
                  }
                });
  }

  private void complete() {
    if (over) {
      return;
    }
    stats.bytes(length);
    try {
      body.read(bytes, length);
    } finally {
      finish();
    }
  }

  private void refuse(FailureReason reason, String detail) {
    finish();
    stats.refusedAsAWhole(reason);
    Problems.refuse(ctx, reason, detail);
  }

  private void finish() {
    if (over) {
      return;
    }
    over = true;
    if (timer >= 0) {
      Vertx vertx = ctx.vertx();
      vertx.cancelTimer(timer);
    }
    if (bytes != null) {
      budget.giveBack(bytes.length);
      bytes = null;
    }
  }

  private String tooLarge() {
    return "a body here has at most " + bytesMax + " bytes";
  }
}
