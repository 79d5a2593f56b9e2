package io.eventpipeline.registry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Threads for what blocks: the database, and the compilation of schemas. Bounded in threads and in
 * what waits for them; above that a request is refused at once with 503.
 */
public final class Workers {
  /** At a millisecond a request and 8 threads, 256 waiting requests are done within 50 ms. */
  private static final int WAITING_MAX = 256;

  private final WorkerExecutor threads;
  private final int pendingMax;
  private final AtomicInteger pending = new AtomicInteger();

  Workers(Vertx vertx, int size) {
    this.threads = vertx.createSharedWorkerExecutor("registry", size, 30, TimeUnit.SECONDS);
    this.pendingMax = WAITING_MAX;
  }

  private Workers(WorkerExecutor threads, int pendingMax) {
    this.threads = threads;
    this.pendingMax = pendingMax;
  }

  /**
   * For work that takes up to a minute: nobody waits for a thread, since who waited would be gone
   * before the answer.
   */
  static Workers forLongWork(Vertx vertx, int size) {
    return new Workers(
        vertx.createSharedWorkerExecutor("registry-long", size, 90, TimeUnit.SECONDS), size);
  }

  /** Runs {@code work} on a worker, then {@code answer} on the request's event loop. */
  public <T> void run(RoutingContext ctx, Callable<T> work, Consumer<T> answer) {
    run(work).onSuccess(result -> answer(ctx, answer, result)).onFailure(ctx::fail);
  }

  /** Runs {@code work} on a worker; the future fails with a {@link Problem} when none is free. */
  <T> Future<T> run(Callable<T> work) {
    if (pending.incrementAndGet() > pendingMax) {
      pending.decrementAndGet();
      return Future.failedFuture(
          new Problem(
              Problem.Code.OVERLOADED, "More than " + pendingMax + " such requests are at work"));
    }
    return threads.executeBlocking(work, false).onComplete(result -> pending.decrementAndGet());
  }

  /** A defect in an answer must not leave the caller waiting. */
  private static <T> void answer(RoutingContext ctx, Consumer<T> answer, T result) {
    try {
      answer.accept(result);
    } catch (RuntimeException e) {
      ctx.fail(e);
    }
  }

  int pending() {
    return pending.get();
  }
}
