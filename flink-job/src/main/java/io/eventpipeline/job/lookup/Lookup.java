package io.eventpipeline.job.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventpipeline.job.JobConfig;
import io.eventpipeline.job.LookupStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up values by key: in this process, then in Redis, then in Postgres, then not at all.
 *
 * <p>{@link #find} never blocks and never fails. A key that is not fresh in memory joins a bounded
 * queue; one worker thread takes what has gathered there and asks each backend once for all of it,
 * so a busy stream makes large batches and a quiet one small ones without any waiting time. What
 * Postgres knew is written back to Redis. A value past its freshness is kept and served as {@link
 * LookupStatus#STALE} while no backend answers; that a key does not exist is remembered for a short
 * time. Each backend has a circuit breaker: while both are open, answers come at once.
 *
 * @param <V> what is looked up
 */
public final class Lookup<V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);
  private static final long POLL_MILLIS = 100;

  private record Entry<V>(V value, long loadedAt) {}

  private record Request<V>(String key, CompletableFuture<Found<V>> answer) {}

  private final String name;
  private final CacheBackend<V> redis;
  private final Backend<V> postgres;
  private final CircuitBreaker redisBreaker;
  private final CircuitBreaker postgresBreaker;
  private final Cache<String, Entry<V>> memory;
  private final BlockingQueue<Request<V>> queue;
  private final int batchMax;
  private final long freshNanos;
  private final long missingFreshNanos;
  private final LongSupplier nanoTime;
  private final Thread worker;
  private volatile boolean closed;

  Lookup(
      String name,
      CacheBackend<V> redis,
      Backend<V> postgres,
      JobConfig.Enrich config,
      LongSupplier nanoTime) {
    this.name = name;
    this.redis = redis;
    this.postgres = postgres;
    this.nanoTime = nanoTime;
    redisBreaker = new CircuitBreaker(config.failuresMax(), config.breakerPause(), nanoTime);
    postgresBreaker = new CircuitBreaker(config.failuresMax(), config.breakerPause(), nanoTime);
    memory =
        Caffeine.newBuilder()
            .maximumSize(config.memoryEntriesMax())
            .expireAfterWrite(config.staleMax())
            .executor(Runnable::run) // housekeeping costs less than to wake a thread for it
            .build();
    queue = new ArrayBlockingQueue<>(config.queueMax());
    batchMax = config.batchMax();
    freshNanos = config.freshFor().toNanos();
    missingFreshNanos = config.missingFreshFor().toNanos();
    worker = new Thread(this::work, "lookup-" + name);
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Looks up one key; the future is complete already when the answer is in memory or when nobody
   * can be asked, otherwise the worker thread completes it. It never completes with an exception.
   */
  public CompletableFuture<Found<V>> find(String key) {
    Entry<V> entry = memory.getIfPresent(key);
    if (entry != null && isFresh(entry)) {
      return CompletableFuture.completedFuture(fresh(entry));
    }
    boolean anyoneToAsk = redisBreaker.isClosed() || postgresBreaker.isClosed();
    if (anyoneToAsk && !closed) {
      Request<V> request = new Request<>(key, new CompletableFuture<>());
      if (queue.offer(request)) {
        return request.answer();
      }
    }
    return CompletableFuture.completedFuture(degraded(key));
  }

  /** The best answer without asking anyone: what memory holds however old, or unavailable. */
  public Found<V> degraded(String key) {
    Entry<V> entry = memory.getIfPresent(key);
    if (entry == null) {
      return new Found<>(null, LookupStatus.UNAVAILABLE);
    }
    if (isFresh(entry)) {
      return fresh(entry);
    }
    return entry.value() == null
        ? new Found<>(null, LookupStatus.UNAVAILABLE)
        : new Found<>(entry.value(), LookupStatus.STALE);
  }

  /** Ends the worker; what is still queued is answered from memory. */
  @Override
  public void close() {
    closed = true;
    worker.interrupt();
    try {
      worker.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Request<V>> left = new ArrayList<>();
    queue.drainTo(left);
    answerAll(left, Map.of(), Set.of());
  }

  private void work() {
    while (!closed) {
      List<Request<V>> batch = new ArrayList<>();
      try {
        Request<V> first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        answer(drain(batch));
      } catch (InterruptedException e) {
        answerAll(batch, Map.of(), Set.of());
        return; // close() interrupts
      } catch (RuntimeException e) {
        LOG.error("look-up of {} failed unexpectedly; answering without it", name, e);
        answerAll(batch, Map.of(), Set.of());
      }
    }
  }

  private List<Request<V>> drain(List<Request<V>> batch) {
    queue.drainTo(batch, batchMax - batch.size());
    return batch;
  }

  private void answer(List<Request<V>> batch) {
    Set<String> open = new HashSet<>();
    for (Request<V> request : batch) {
      Entry<V> entry = memory.getIfPresent(request.key());
      if (entry == null || !isFresh(entry)) {
        open.add(request.key()); // else the batch before brought it
      }
    }
    Map<String, V> values = new HashMap<>();
    if (!open.isEmpty()) {
      values.putAll(ask(redis, redisBreaker, "Redis", open));
      open.removeAll(values.keySet());
    }
    Set<String> missing = Set.of();
    if (!open.isEmpty() && postgresBreaker.tryAcquire()) {
      try {
        Map<String, V> known = postgres.load(open);
        postgresBreaker.succeeded();
        open.removeAll(known.keySet());
        missing = open;
        values.putAll(known);
        writeBack(known);
      } catch (Exception e) {
        failed(postgresBreaker, "Postgres", e);
      }
    }
    long now = nanoTime.getAsLong();
    values.forEach((key, value) -> memory.put(key, new Entry<>(value, now)));
    missing.forEach(key -> memory.put(key, new Entry<>(null, now)));
    answerAll(batch, values, missing);
  }

  private Map<String, V> ask(
      Backend<V> backend, CircuitBreaker breaker, String who, Set<String> keys) {
    if (!breaker.tryAcquire()) {
      return Map.of();
    }
    try {
      Map<String, V> values = backend.load(keys);
      breaker.succeeded();
      return values;
    } catch (Exception e) {
      failed(breaker, who, e);
      return Map.of();
    }
  }

  private void writeBack(Map<String, V> known) {
    if (known.isEmpty() || !redisBreaker.tryAcquire()) {
      return;
    }
    try {
      redis.keep(new LinkedHashMap<>(known));
      redisBreaker.succeeded();
    } catch (Exception e) {
      failed(redisBreaker, "Redis", e);
    }
  }

  private void failed(CircuitBreaker breaker, String who, Exception e) {
    breaker.failed();
    if (!closed) {
      LOG.warn("{} does not answer look-ups of {}: {}", who, name, e.toString());
    }
  }

  private void answerAll(List<Request<V>> batch, Map<String, V> values, Set<String> missing) {
    for (Request<V> request : batch) {
      V value = values.get(request.key());
      if (value != null) {
        request.answer().complete(new Found<>(value, LookupStatus.HIT));
      } else if (missing.contains(request.key())) {
        request.answer().complete(new Found<>(null, LookupStatus.MISS));
      } else {
        request.answer().complete(degraded(request.key()));
      }
    }
  }

  private boolean isFresh(Entry<V> entry) {
    long limit = entry.value() == null ? missingFreshNanos : freshNanos;
    return nanoTime.getAsLong() - entry.loadedAt() < limit;
  }

  private static <V> Found<V> fresh(Entry<V> entry) {
    return entry.value() == null
        ? new Found<>(null, LookupStatus.MISS)
        : new Found<>(entry.value(), LookupStatus.HIT);
  }
}
