package io.eventpipeline.schema;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch for each key, however many callers want it, on a few threads of its own. Bounded: what
 * comes on top of {@code waitingMax} is unavailable at once. Safe for use by many threads.
 *
 * @param <K> what is fetched
 */
final class Flights<K> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Flights.class);
  private static final Lookup CROWDED = Lookup.unavailable("too many schemas are being looked for");
  private static final Lookup CLOSED = Lookup.unavailable("the schema client is closed");

  private final ConcurrentMap<K, CompletableFuture<Lookup>> flights = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads;
  private final Function<K, Lookup> fetch;

  /**
   * @param fetch blocks for a bounded time
   */
  Flights(int threadsMax, int waitingMax, Function<K, Lookup> fetch) {
    this.fetch = fetch;
    this.threads =
        new ThreadPoolExecutor(
            threadsMax,
            threadsMax,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waitingMax),
            task -> {
              Thread thread = new Thread(task, "schema-client-fetch");
              thread.setDaemon(true);
              return thread;
            });
    this.threads.allowCoreThreadTimeOut(true);
  }

  /** Joins the flight of this key, or starts it; the future never completes with an exception. */
  CompletableFuture<Lookup> to(K key) {
    CompletableFuture<Lookup> mine = new CompletableFuture<>();
    CompletableFuture<Lookup> other = flights.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    try {
      threads.execute(() -> fly(key, mine));
    } catch (RejectedExecutionException e) {
      land(key, mine, threads.isShutdown() ? CLOSED : CROWDED);
    }
    return mine;
  }

  private void fly(K key, CompletableFuture<Lookup> flight) {
    Lookup answer = Lookup.unavailable("the lookup failed");
    try {
      answer = fetch.apply(key);
    } catch (RuntimeException e) {
      LOG.error("looking for schema {} failed unexpectedly", key, e);
    } finally {
      land(key, flight, answer);
    }
  }

  private void land(K key, CompletableFuture<Lookup> flight, Lookup answer) {
    flights.remove(key, flight);
    flight.complete(answer);
  }

  /** Ends what is under way; whoever waits is told that the schema is unavailable. */
  @Override
  public void close() {
    threads.shutdownNow();
    flights.forEach((key, flight) -> land(key, flight, CLOSED));
  }
}
