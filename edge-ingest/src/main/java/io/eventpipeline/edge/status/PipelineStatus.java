package io.eventpipeline.edge.status;

import io.eventpipeline.config.Secret;
import io.eventpipeline.edge.status.Finding.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Every hop of the pipeline at one glance.
 *
 * <p>{@code {"status":"ok|degraded|down","reasons":["kafka: …"],"checked_at":"…","components":{
 * "edge":{"state":…},"kafka":{"state":…,"lag":…},…}}}. {@code down} means that no event can be
 * taken (edge or Kafka), {@code degraded} that one of the others is not well. Components are asked
 * at the same time by threads of their own; one that does not answer within the timeout is down,
 * and is not asked again before it answered. An answer is kept for {@code maxAge}, so that any
 * number of viewers cost the same.
 */
public final class PipelineStatus implements AutoCloseable {
  private static final Set<String> VITAL = Set.of("edge", "kafka");

  private final Supplier<JsonObject> edge;
  private final Supplier<List<String>> edgeFaults;
  private final List<Probe> probes;
  private final Supplier<Map<String, HeldBack>> outputs;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final Duration timeout;
  private final Duration maxAge;
  private final Clock clock;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "status-probe");
            thread.setDaemon(true);
            return thread;
          });
  private CompletableFuture<JsonObject> current;
  private long currentNanos;

  PipelineStatus(
      Supplier<JsonObject> edge,
      Supplier<List<String>> edgeFaults,
      List<Probe> probes,
      Supplier<Map<String, HeldBack>> outputs,
      Duration timeout,
      Duration maxAge,
      Clock clock) {
    this.edge = edge;
    this.edgeFaults = edgeFaults;
    this.probes = probes;
    this.outputs = outputs;
    this.timeout = timeout;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /**
   * Of the pipeline that the configuration names.
   *
   * @param edge what the edge says of itself
   * @param edgeFaults why the edge is not ready; empty when it is
   */
  public static PipelineStatus of(
      StatusConfig config,
      String kafka,
      String postgresUrl,
      String postgresUser,
      Secret postgresPassword,
      Supplier<JsonObject> edge,
      Supplier<List<String>> edgeFaults) {
    Duration timeout = config.timeout();
    Secret none = new Secret("");
    Clock clock = Clock.systemUTC();
    OutputsProbe outputs = new OutputsProbe(kafka, timeout, clock);
    List<Probe> probes =
        List.of(
            new KafkaProbe(kafka, config.consumerGroup(), timeout),
            outputs,
            new FlinkProbe(new HttpProbe.Get(config.flinkUrl(), none, timeout), clock),
            new HttpProbe(
                "clickhouse", new HttpProbe.Get(config.clickhouseUrl(), none, timeout), "/ping"),
            new RedisProbe(config.redisHost(), config.redisPort(), timeout),
            new PostgresProbe(postgresUrl, postgresUser, postgresPassword, timeout),
            new HttpProbe(
                "registry",
                new HttpProbe.Get(config.registryUrl(), config.registryToken(), timeout),
                "/schemas?limit=1"));
    return new PipelineStatus(
        edge, edgeFaults, probes, outputs::newest, timeout, config.maxAge(), clock);
  }

  /** By output topic, as of the last status; empty when Kafka could not tell. Never blocks. */
  public Map<String, HeldBack> heldBack() {
    return outputs.get();
  }

  /** The status, at most {@code maxAge} old; completes within about the timeout. Never blocks. */
  public synchronized CompletableFuture<JsonObject> get() {
    long now = System.nanoTime();
    boolean fresh = current != null && now - currentNanos < maxAge.toNanos();
    if (!fresh && (current == null || current.isDone())) {
      currentNanos = now;
      current = look();
    }
    return current;
  }

  private CompletableFuture<JsonObject> look() {
    Map<String, CompletableFuture<Finding>> asked = new LinkedHashMap<>();
    List<String> faults = edgeFaults.get();
    asked.put(
        "edge",
        CompletableFuture.completedFuture(
            faults.isEmpty()
                ? Finding.ok(edge.get())
                : new Finding(State.DOWN, String.join("; ", faults), edge.get())));
    probes.forEach(probe -> asked.put(probe.name(), ask(probe)));
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
        .thenApply(all -> document(asked));
  }

  private CompletableFuture<Finding> ask(Probe probe) {
    if (!busy.add(probe.name())) {
      return CompletableFuture.completedFuture(Finding.down("still no answer"));
    }
    return CompletableFuture.supplyAsync(() -> lookSafely(probe), threads)
        .exceptionally(defect -> Finding.down(defect.toString()))
        .completeOnTimeout(
            Finding.down("no answer within " + timeout.toMillis() + " ms"),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private Finding lookSafely(Probe probe) {
    try {
      return probe.look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Finding.down("interrupted");
    } catch (Exception e) {
      return Finding.down(explain(e));
    } finally {
      busy.remove(probe.name());
    }
  }

  private static String explain(Exception e) {
    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private JsonObject document(Map<String, CompletableFuture<Finding>> asked) {
    State overall = State.OK;
    List<String> reasons = new ArrayList<>();
    JsonObject components = new JsonObject();
    for (Map.Entry<String, CompletableFuture<Finding>> entry : asked.entrySet()) {
      Finding finding = entry.getValue().join();
      components.put(entry.getKey(), finding.json());
      if (finding.state() != State.OK) {
        reasons.add(entry.getKey() + ": " + finding.reason());
        State weight =
            VITAL.contains(entry.getKey()) && finding.state() == State.DOWN
                ? State.DOWN
                : State.DEGRADED;
        overall = weight.compareTo(overall) > 0 ? weight : overall;
      }
    }
    return new JsonObject()
        .put("status", overall.code())
        .put("reasons", new JsonArray(reasons))
        .put("checked_at", clock.instant().toString())
        .put("components", components);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    probes.forEach(Probe::close);
  }
}
