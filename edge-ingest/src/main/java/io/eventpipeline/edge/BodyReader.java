package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Reads one body into an array, within a limit, a memory budget and a total time.
 *
 * <p>Refuses with {@code body_too_large} as soon as the head or a byte says so, with {@code
 * unavailable} when the budget of all bodies is used up, with 408 when the body is late (an idle
 * timeout alone is fed by one byte a second), with {@code invalid_encoding} when it is said to be
 * gzip and is not. A gzip body is inflated when it is whole; the limit holds for its bytes before
 * and after, and the budget for both together. Vert.x could inflate, but it does so before anybody
 * has looked at the write key, knows no limit of a path, and takes a body that is cut short for
 * whole.
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
  private boolean gzip;
  private byte[] bytes;
  private int length;
  private long held;
  private long received;
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
    gzip = ContentEncoding.of(request.headers()) == ContentEncoding.GZIP;
    // No more than this on the word of a head alone
    int capacity = (int) Math.min(announced >= 0 ? announced : bytesMax, CAPACITY_FIRST);
    if (!take(capacity)) {
      return;
    }
    bytes = new byte[capacity];
    request.exceptionHandler(gone -> finish());
    request.endHandler(end -> complete());
    request.handler(chunk -> receive(chunk, timeout));
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

  private void receive(Buffer chunk, Duration timeout) {
    if (over) {
      return;
    }
    received += chunk.length();
    if (received > bytesMax) {
      refuse(FailureReason.BODY_TOO_LARGE, tooLarge());
      return;
    }
    if (append(chunk) && timer < 0 && received < announced) {
      watch(timeout); // most bodies arrive whole with their head and need none
    }
  }

  /** False after the request was refused. */
  private boolean append(Buffer chunk) {
    int end = length + chunk.length();
    if (end > bytes.length && !grow(end, bytesMax)) {
      return false;
    }
    chunk.getBytes(bytes, length);
    length = end;
    return true;
  }

  /** Replaces the body by what it holds; false after the request was refused. */
  private boolean inflate() {
    InputStream compressed = new ByteArrayInputStream(bytes, 0, length);
    if (!take(CAPACITY_FIRST)) {
      return false;
    }
    bytes = new byte[CAPACITY_FIRST];
    length = 0;
    try (InputStream content = new GZIPInputStream(compressed)) {
      while (true) {
        int inflated = content.read(bytes, length, bytes.length - length);
        if (inflated < 0) {
          return true;
        }
        length += inflated;
        if (length > bytesMax) {
          refuse(FailureReason.BODY_TOO_LARGE, tooLarge());
          return false;
        }
        if (length == bytes.length && !grow(length + 1, bytesMax + 1)) {
          return false;
        }
      }
    } catch (EOFException e) {
      return refuseAsNoGzip("it is cut short");
    } catch (IOException e) {
      return refuseAsNoGzip(e.getMessage());
    }
  }

  private boolean refuseAsNoGzip(String why) {
    refuse(FailureReason.INVALID_ENCODING, "the body is not gzip: " + why);
    return false;
  }

  /**
   * Makes the array longer, at most one byte longer than a body may be; false after the request was
   * refused.
   */
  private boolean grow(int needed, int most) {
    int capacity = Math.min(most, Math.max(needed, bytes.length * 2));
    if (!take(capacity - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  /** Takes from the budget; false after the request was refused. */
  private boolean take(int more) {
    if (budget.take(more)) {
      held += more;
      return true;
    }
    refuse(FailureReason.UNAVAILABLE, "too many bodies at once");
    return false;
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
    if (gzip && !inflate()) {
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
    budget.giveBack(held);
    bytes = null;
  }

  private String tooLarge() {
    return "a body here has at most " + bytesMax + " bytes";
  }
}
