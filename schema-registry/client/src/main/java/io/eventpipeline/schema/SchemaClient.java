package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.eventpipeline.schema.RegistryApi.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * {@link Schemas} from memory, then from a {@link SchemaCache}, then from the registry.
 *
 * <p>A version that was found is kept until it is the least recently used of too many: versions
 * never change; a draft may, and counts as not there. The newest version of each type is brought up
 * to date in the background, and the last one known serves meanwhile and for as long as the
 * registry is down. "There is no such schema" is believed until the registry's list changes, and
 * while the registry is heard of: so a producer of junk costs one request, not one every few
 * seconds in the middle of the stream.
 *
 * <p>What the registry said goes to the cache, so that a process that starts while the registry is
 * down knows all that was known before ({@link #recover}). What came from the cache serves until
 * the registry's list is read, which overrules it.
 */
public final class SchemaClient implements Schemas {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaClient.class);
  private static final int PAGE = 100;
  private static final int FETCH_THREADS = 2;

  /** Entries are written again this many times in the time that the cache keeps them. */
  private static final int WRITES_PER_TTL = 4;

  private final SchemaClientConfig config;
  private final RegistryApi api;
  private final Ticker ticker;
  private final ScheduledExecutorService background;

  private final Cache<Key, Lookup> found;
  private final Absences absences;
  private final Cache<String, Integer> newest;
  private final SchemaCache cache;
  private final long keptNanosMax;
  private final Cache<Key, Boolean> unconfirmed; // found in the cache, not yet heard of otherwise
  private final Flights<Key> flights;

  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final OutageGate gate;
  private volatile long answeredAtNanos;
  private String listTag = "";
  private long keptAtNanos;

  /**
   * Counts since the client was made.
   *
   * @param cached compiled schemas in memory
   * @param requests requests sent to the registry
   * @param failures requests without a usable answer
   * @param sinceAnswerMillis time since the registry last answered, or since the client was made
   */
  public record Stats(long cached, long requests, long failures, long sinceAnswerMillis) {}

  /** A client without a cache; it looks for news in a daemon thread until it is closed. */
  public SchemaClient(SchemaClientConfig config) {
    this(config, SchemaCache.NONE, Duration.ofDays(1));
  }

  /** A client with Redis before the registry, otherwise the same. */
  public SchemaClient(SchemaClientConfig config, SchemaCacheConfig cache) {
    this(config, new RedisSchemaCache(cache, Ticker.systemTicker()), cache.ttl());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // refresh() reports its own failures
  private SchemaClient(SchemaClientConfig config, SchemaCache cache, Duration cacheTtl) {
    this(
        config,
        new HttpRegistryApi(config.url(), config.token(), config.requestTimeout()),
        cache,
        cacheTtl,
        Ticker.systemTicker());
    long period = config.refresh().toMillis();
    background.scheduleWithFixedDelay(this::refresh, period, period, TimeUnit.MILLISECONDS);
  }

  /** Without the periodic refresh and without a cache, for tests that own the clock. */
  SchemaClient(SchemaClientConfig config, RegistryApi api, Ticker ticker) {
    this(config, api, SchemaCache.NONE, Duration.ofDays(1), ticker);
  }

  /** Without the periodic refresh, for tests that own the clock. */
  SchemaClient(
      SchemaClientConfig config,
      RegistryApi api,
      SchemaCache cache,
      Duration cacheTtl,
      Ticker ticker) {
    this.config = config;
    this.api = api;
    this.cache = cache;
    this.keptNanosMax = cacheTtl.toNanos() / WRITES_PER_TTL;
    this.ticker = ticker;
    this.answeredAtNanos = ticker.read();
    this.gate = new OutageGate(config.outageTtl(), ticker);
    this.flights = new Flights<>(FETCH_THREADS, config.schemasMax(), this::fetch);
    this.unconfirmed = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
    this.found = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
    this.newest = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
    this.absences = new Absences(config.schemasMax(), config.outageTtl(), ticker);
    this.background =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "schema-client-refresh");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Loads all published schemas, so that the first event of a type waits for nothing.
   *
   * @return how many schemas are in memory
   * @throws IOException when the registry does not answer; what was loaded so far stays
   */
  public long preload() throws IOException {
    sync();
    return stats().cached();
  }

  /**
   * Loads the newest version of each type from the cache, for a start without the registry; other
   * versions are found there when they are asked for.
   *
   * @return how many schemas are in memory; 0 when the cache does not answer or is empty
   */
  public long recover() {
    cache.newest().forEach(this::recoverNewest);
    return stats().cached();
  }

  private Lookup recoverNewest(String type, int version) {
    Lookup lookup = fetchCached(new Key(type, version));
    if (lookup != null) {
      newest.asMap().merge(type, version, Math::max);
    }
    return lookup;
  }

  @Override
  public Lookup find(String type, int version) {
    Lookup known = known(type, version);
    return known == null ? ask(type, version).join() : known;
  }

  @Override
  public CompletableFuture<Lookup> lookup(String type, int version) {
    Lookup known = known(type, version);
    return known == null ? ask(type, version) : CompletableFuture.completedFuture(known);
  }

  private Lookup known(String type, int version) {
    Key key = key(type, version);
    Lookup known = found.getIfPresent(key);
    return known == null
        ? absences.of(key, ticker.read() - answeredAtNanos <= config.negativeTtl().toNanos())
        : known;
  }

  private Key key(String type, int version) {
    Integer pointer = version == Key.NEWEST ? newest.getIfPresent(type) : null;
    return new Key(type, pointer == null ? version : pointer);
  }

  /** What the client did so far; for metrics. */
  public Stats stats() {
    found.cleanUp();
    return new Stats(
        found.estimatedSize(),
        requests.sum(),
        failures.sum(),
        TimeUnit.NANOSECONDS.toMillis(ticker.read() - answeredAtNanos));
  }

  /** What came of the cache before the registry; for metrics. */
  public SchemaCache.Stats cacheStats() {
    return cache.stats();
  }

  private CompletableFuture<Lookup> ask(String type, int version) {
    if (!SchemaLimits.isType(type)) {
      return CompletableFuture.completedFuture(Lookup.unknownType(Violations.shorten(type)));
    }
    if (version < 0) {
      return CompletableFuture.completedFuture(Lookup.unknownVersion(type, version));
    }
    return flights.to(key(type, version));
  }

  private Lookup fetch(Key key) {
    Lookup answer = found.getIfPresent(key); // by a flight that ended since we looked
    if (answer == null && !key.isNewest()) {
      answer = fetchCached(key);
    }
    if (answer == null) {
      answer = fetchAsked(key);
    }
    if (answer.outcome() == Lookup.Outcome.UNAVAILABLE && key.isNewest()) {
      Integer last = cache.newest().get(key.type());
      Lookup known = last == null ? null : recoverNewest(key.type(), last);
      answer = known == null ? answer : known;
    }
    return answer.outcome() == Lookup.Outcome.UNAVAILABLE
        ? absences.unavailable(key, answer.detail())
        : answer;
  }

  /** From the cache; null when it has nothing that can be used. */
  private Lookup fetchCached(Key key) {
    JsonNode entry = cache.find(key.type(), key.version());
    if (entry == null) {
      return null;
    }
    Lookup lookup = adopt(entry, false);
    return lookup.found() && key.names(lookup.schema()) ? lookup : null;
  }

  private Lookup fetchAsked(Key key) {
    String down = gate.closed();
    if (!down.isEmpty()) {
      return Lookup.unavailable(down);
    }
    String version = key.isNewest() ? "latest" : Integer.toString(key.version());
    long asked = absences.lists();
    try {
      Answer answer = get("/schemas/" + key.type() + "/" + version, "");
      return switch (answer.kind()) {
        case FOUND -> adoptAsked(key, answer.body(), asked);
        case UNKNOWN_TYPE -> absences.denied(key, Lookup.unknownType(key.type()), asked);
        case UNKNOWN_VERSION ->
            absences.denied(key, Lookup.unknownVersion(key.type(), key.version()), asked);
        case NOT_MODIFIED -> Lookup.unavailable("the registry answered 304 to a plain request");
      };
    } catch (IOException e) {
      return Lookup.unavailable(e.getMessage());
    }
  }

  private Lookup adoptAsked(Key key, JsonNode body, long asked) {
    Lookup lookup = adopt(body, true);
    if (lookup.found() && !key.names(lookup.schema())) {
      return Lookup.unavailable("the registry answered " + lookup.schema() + " to " + key);
    }
    if (lookup.found() && key.isNewest()) {
      newest.asMap().merge(key.type(), lookup.schema().version(), Math::max);
    }
    if (lookup.found()) {
      cache.keep(List.of(body));
    }
    return lookup.found() ? lookup : absences.denied(key, lookup, asked);
  }

  /**
   * Compiles one schema, unless it is in memory with the same id. What the registry says replaces
   * what only the cache said; the other way round memory stays as it is.
   */
  private Lookup adopt(JsonNode body, boolean fromRegistry) {
    Key key = new Key(body.path("type").asString(""), body.path("version").asInt(0));
    if (body.path("status").asString("").equals("draft")) {
      return Lookup.unknownVersion(key.type(), key.version()); // it may still change
    }
    int id = body.path("id").asInt(0);
    Lookup known = found.getIfPresent(key);
    boolean confirms = fromRegistry && unconfirmed.asMap().remove(key) != null;
    if (known != null && known.schema().id() == id && !confirms) {
      return known;
    }
    try {
      Lookup lookup =
          Lookup.found(CompiledSchema.compile(id, key.type(), key.version(), body.path("schema")));
      if (fromRegistry) {
        found.put(key, lookup);
        return lookup;
      }
      unconfirmed.put(key, true);
      Lookup other = found.asMap().putIfAbsent(key, lookup);
      return other == null ? lookup : other;
    } catch (SchemaRejectedException e) {
      LOG.warn("schema {}/{} cannot be used here: {}", key.type(), key.version(), e.getMessage());
      return Lookup.unavailable("schema " + key + " cannot be used here: " + e.getMessage());
    }
  }

  private void refresh() {
    try {
      sync();
    } catch (IOException e) {
      LOG.debug("no news from the registry: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("looking for news failed", e); // or the schedule would end silently
    }
  }

  /**
   * One look for news: a single conditional request as long as there are none, since the list's tag
   * covers all of the registry and not just its page.
   */
  private synchronized void sync() throws IOException {
    if (ticker.read() - keptAtNanos >= keptNanosMax || cache.lacksEntries()) {
      listTag = ""; // all of it again, for the cache
    }
    Answer page = get("/schemas?limit=" + PAGE, listTag);
    if (page.kind() == Answer.Kind.NOT_MODIFIED) {
      return;
    }
    String tag = page.etag();
    Map<String, Integer> pointers = new HashMap<>();
    String after = adoptPage(page, pointers);
    while (!after.isEmpty()) {
      after = adoptPage(get("/schemas?limit=" + PAGE + "&after=" + after, ""), pointers);
    }
    newest.putAll(pointers);
    newest.asMap().keySet().retainAll(pointers.keySet());
    listTag = tag;
    cache.keepNewest(pointers);
    keptAtNanos = ticker.read();
    absences.listChanged();
  }

  /** Returns where the next page starts, {@code ""} after the last one. */
  private String adoptPage(Answer page, Map<String, Integer> pointers) throws IOException {
    if (page.kind() != Answer.Kind.FOUND || !page.body().path("schemas").isArray()) {
      throw new IOException("the registry's list is not one: " + page.kind());
    }
    List<JsonNode> usable = new ArrayList<>();
    for (JsonNode body : page.body().path("schemas")) {
      Lookup lookup = adopt(body, true);
      if (lookup.found()) {
        usable.add(body);
      }
      if (lookup.found() && body.path("status").asString("").equals("published")) {
        pointers.merge(lookup.schema().type(), lookup.schema().version(), Math::max);
      }
    }
    cache.keep(usable);
    String next = page.body().path("next").asString("");
    if (!next.isEmpty() && page.body().path("schemas").isEmpty()) {
      throw new IOException("the registry's list does not end");
    }
    return next;
  }

  private Answer get(String path, String etag) throws IOException {
    requests.increment();
    try {
      Answer answer = api.get(path, etag);
      gate.answered();
      answeredAtNanos = ticker.read();
      return answer;
    } catch (IOException e) {
      failures.increment();
      gate.failed(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
    flights.close();
    api.close();
    cache.close();
  }
}
