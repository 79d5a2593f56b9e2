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
  private static final int FETCH_THREADS = 2;

  /** Entries are written again this many times in the time that the cache keeps them. */
  private static final int WRITES_PER_TTL = 4;

  private final SchemaClientConfig config;
  private final CountedRegistry registry;
  private final Ticker ticker;
  private final ScheduledExecutorService background;

  private final CompiledSchemas compiled;
  private final KnownReadings found;
  private final Absences absences;
  private final Cache<String, Integer> newest;
  private final SchemaCache cache;
  private final long keptNanosMax;
  private final Flights<Key> flights;

  private final OutageGate gate;
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
    this.cache = cache;
    this.keptNanosMax = cacheTtl.toNanos() / WRITES_PER_TTL;
    this.ticker = ticker;
    this.gate = new OutageGate(config.outageTtl(), ticker);
    this.registry = new CountedRegistry(api, gate, ticker);
    this.flights = new Flights<>(FETCH_THREADS, config.schemasMax(), this::fetch);
    this.compiled = new CompiledSchemas(config.schemasMax());
    this.found = new KnownReadings(config.schemasMax(), compiled, this::sibling);
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
    Lookup known = found.of(key);
    return known == null
        ? absences.of(key, registry.silentNanos() <= config.negativeTtl().toNanos())
        : known;
  }

  private Key key(String type, int version) {
    Integer pointer = version == Key.NEWEST ? newest.getIfPresent(type) : null;
    return new Key(type, pointer == null ? version : pointer);
  }

  /** What the client did so far; for metrics. */
  public Stats stats() {
    return new Stats(
        compiled.size(),
        registry.requests(),
        registry.failures(),
        TimeUnit.NANOSECONDS.toMillis(registry.silentNanos()));
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
    Lookup answer = found.of(key); // by a flight that ended since we looked
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
    if (entry == null || SchemaPage.isDraft(entry) || !key.equals(Key.of(entry))) {
      return null;
    }
    try {
      CompiledSchema schema = compiled.compile(key, entry, false);
      found.suppose(key.type(), () -> cachedLineage(key, entry));
      return found.keep(key, schema);
    } catch (IOException e) {
      return null; // compile() has said why, or the way to the newest version is not known
    }
  }

  /** This version, and the way back from the newest version that the cache knows. */
  private Lineage cachedLineage(Key key, JsonNode entry) {
    List<JsonNode> way = new ArrayList<>(List.of(entry));
    int version = cache.newest().getOrDefault(key.type(), 0);
    while (version > 0) {
      JsonNode step = version == key.version() ? entry : cache.find(key.type(), version);
      if (step == null) {
        break;
      }
      way.add(step);
      version = Math.min(version - 1, Lineage.Version.of(step).upcastsFrom());
    }
    return Lineage.of(way);
  }

  private Lookup fetchAsked(Key key) {
    String down = gate.closed();
    if (!down.isEmpty()) {
      return Lookup.unavailable(down);
    }
    String version = key.isNewest() ? "latest" : Integer.toString(key.version());
    long asked = absences.lists();
    try {
      Answer answer = registry.get("/schemas/" + key.type() + "/" + version, "");
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

  private Lookup adoptAsked(Key key, JsonNode body, long asked) throws IOException {
    Key named = Key.of(body);
    if (!named.type().equals(key.type()) || (!key.isNewest() && key.version() != named.version())) {
      return Lookup.unavailable("the registry answered " + named + " to " + key);
    }
    if (SchemaPage.isDraft(body)) {
      return absences.denied(key, Lookup.unknownVersion(key.type(), named.version()), asked);
    }
    CompiledSchema schema = compiled.compile(named, body, true);
    if (!found.knows(named)) {
      found.follow(key.type(), registry.lineage(key.type()));
    }
    Lookup lookup = found.keep(named, schema);
    if (key.isNewest()) {
      newest.asMap().merge(key.type(), named.version(), Math::max);
    }
    cache.keep(List.of(body));
    return lookup;
  }

  private CompiledSchema sibling(Key key) throws IOException {
    CompiledSchema known = compiled.known(key);
    if (known != null) {
      return known;
    }
    JsonNode entry = cache.find(key.type(), key.version());
    if (entry != null && key.equals(Key.of(entry))) {
      return compiled.compile(key, entry, false);
    }
    Answer answer = registry.get("/schemas/" + key.type() + "/" + key.version(), "");
    if (answer.kind() != Answer.Kind.FOUND || !key.equals(Key.of(answer.body()))) {
      throw new IOException("the registry has no " + key + " although it names it");
    }
    return compiled.compile(key, answer.body(), true);
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
    Answer page = registry.get("/schemas?limit=" + CountedRegistry.PAGE, listTag);
    if (page.kind() == Answer.Kind.NOT_MODIFIED) {
      return;
    }
    String tag = page.etag();
    Map<String, Integer> pointers = new HashMap<>();
    Map<String, List<JsonNode>> versions = new HashMap<>();
    String after = adoptPage(page, pointers, versions);
    while (!after.isEmpty()) {
      after =
          adoptPage(
              registry.get("/schemas?limit=" + CountedRegistry.PAGE + "&after=" + after, ""),
              pointers,
              versions);
    }
    Map<String, Lineage> lineages = new HashMap<>();
    versions.forEach((type, all) -> lineages.put(type, Lineage.of(all)));
    found.followAll(lineages);
    newest.putAll(pointers);
    newest.asMap().keySet().retainAll(pointers.keySet());
    listTag = tag;
    cache.keepNewest(pointers);
    keptAtNanos = ticker.read();
    absences.listChanged();
  }

  /** Returns where the next page starts, {@code ""} after the last one. */
  private String adoptPage(
      Answer answer, Map<String, Integer> pointers, Map<String, List<JsonNode>> versions)
      throws IOException {
    SchemaPage page = SchemaPage.of(answer);
    List<JsonNode> usable = new ArrayList<>();
    for (JsonNode body : page.schemas()) {
      Key key = Key.of(body);
      versions.computeIfAbsent(key.type(), type -> new ArrayList<>()).add(body);
      if (isUsable(key, body)) {
        usable.add(body);
        if (Lineage.Version.of(body).published()) {
          pointers.merge(key.type(), key.version(), Math::max);
        }
      }
    }
    cache.keep(usable);
    return page.next();
  }

  /** One schema that cannot be used must not keep the others away. */
  private boolean isUsable(Key key, JsonNode body) {
    try {
      return compiled.compile(key, body, true) != null;
    } catch (IOException e) {
      return false; // compile() has said why
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
    flights.close();
    registry.close();
    cache.close();
  }
}
