package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.eventpipeline.schema.RegistryApi.Answer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * {@link Schemas} from the registry, with memory.
 *
 * <p>A version that was found is kept until it is the least recently used of too many: versions
 * never change; a draft may, and counts as not there. The newest version of each type is brought up
 * to date in the background, and the last one known serves meanwhile and for as long as the
 * registry is down. "There is no such schema" is believed until the registry's list changes, and
 * while the registry is heard of: so a producer of junk costs one request, not one every few
 * seconds in the middle of the stream.
 */
public final class SchemaClient implements Schemas {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaClient.class);
  private static final int NEWEST = 0;
  private static final int PAGE = 100;

  private final SchemaClientConfig config;
  private final RegistryApi api;
  private final Ticker ticker;
  private final ScheduledExecutorService background;

  private final Cache<Key, CompiledSchema> compiled;
  private final Cache<Key, Lookup> found;
  private final Cache<Key, Lookup> absent;
  private final Cache<String, Integer> newest;
  private final ConcurrentMap<String, Lineage> lineages = new ConcurrentHashMap<>();
  private final Readings readings;
  private final ConcurrentMap<Key, CompletableFuture<Lookup>> flights = new ConcurrentHashMap<>();

  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile Outage outage;
  private volatile long answeredAtNanos;
  private String listTag = "";
  private long lists; // how often the list changed; guarded by absent

  private record Key(String type, int version) {
    @Override
    public String toString() {
      return type + "/" + (version == NEWEST ? "latest" : version);
    }
  }

  private record Outage(long untilNanos, String why) {}

  /**
   * Counts since the client was made.
   *
   * @param cached compiled schemas in memory
   * @param requests requests sent to the registry
   * @param failures requests without a usable answer
   * @param sinceAnswerMillis time since the registry last answered, or since the client was made
   */
  public record Stats(long cached, long requests, long failures, long sinceAnswerMillis) {}

  /** A client that looks for news in a daemon thread until it is closed. */
  @SuppressWarnings("FutureReturnValueIgnored") // refresh() reports its own failures
  public SchemaClient(SchemaClientConfig config) {
    this(
        config,
        new HttpRegistryApi(config.url(), config.token(), config.requestTimeout()),
        Ticker.systemTicker());
    long period = config.refresh().toMillis();
    background.scheduleWithFixedDelay(this::refresh, period, period, TimeUnit.MILLISECONDS);
  }

  /** Without the periodic refresh, for tests that own the clock. */
  SchemaClient(SchemaClientConfig config, RegistryApi api, Ticker ticker) {
    this.config = config;
    this.api = api;
    this.ticker = ticker;
    this.answeredAtNanos = ticker.read();
    this.compiled = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
    this.found = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
    this.readings = new Readings(config.schemasMax());
    this.newest = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
    this.absent = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
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

  @Override
  public Lookup find(String type, int version) {
    Integer pointer = version == NEWEST ? newest.getIfPresent(type) : null;
    Key key = new Key(type, pointer == null ? version : pointer);
    Lookup known = found.getIfPresent(key);
    if (known == null && ticker.read() - answeredAtNanos <= config.negativeTtl().toNanos()) {
      known = absent.getIfPresent(key);
    }
    return known == null ? ask(key) : known;
  }

  /** What the client did so far; for metrics. */
  public Stats stats() {
    compiled.cleanUp();
    return new Stats(
        compiled.estimatedSize(),
        requests.sum(),
        failures.sum(),
        TimeUnit.NANOSECONDS.toMillis(ticker.read() - answeredAtNanos));
  }

  private Lookup ask(Key key) {
    if (!SchemaLimits.isType(key.type())) {
      return Lookup.unknownType(Violations.shorten(key.type()));
    }
    if (key.version() < 0) {
      return Lookup.unknownVersion(key.type(), key.version());
    }
    CompletableFuture<Lookup> mine = new CompletableFuture<>();
    CompletableFuture<Lookup> other = flights.putIfAbsent(key, mine);
    if (other != null) {
      return other.join(); // ends with the owner's request, which has a deadline
    }
    Lookup answer = Lookup.unavailable("the lookup failed");
    try {
      Lookup landed = found.getIfPresent(key); // by a flight that ended since we looked
      answer = landed == null ? fetch(key) : landed;
      return answer;
    } finally {
      flights.remove(key);
      mine.complete(answer);
    }
  }

  private Lookup fetch(Key key) {
    Outage down = outage;
    if (down != null && ticker.read() - down.untilNanos() < 0) {
      return Lookup.unavailable(down.why());
    }
    String version = key.version() == NEWEST ? "latest" : Integer.toString(key.version());
    long asked = lists();
    try {
      Answer answer = get("/schemas/" + key.type() + "/" + version, "");
      return switch (answer.kind()) {
        case FOUND -> adoptAsked(key, answer.body(), asked);
        case UNKNOWN_TYPE -> remember(key, Lookup.unknownType(key.type()), asked);
        case UNKNOWN_VERSION ->
            remember(key, Lookup.unknownVersion(key.type(), key.version()), asked);
        case NOT_MODIFIED -> Lookup.unavailable("the registry answered 304 to a plain request");
      };
    } catch (IOException e) {
      return Lookup.unavailable(e.getMessage());
    }
  }

  private Lookup adoptAsked(Key key, JsonNode body, long asked) throws IOException {
    Key named = key(body);
    boolean isAsked =
        named.type().equals(key.type())
            && (key.version() == NEWEST || key.version() == named.version());
    if (!isAsked) {
      return Lookup.unavailable("the registry answered " + named + " to " + key);
    }
    if (SchemaPage.isDraft(body)) {
      return remember(key, Lookup.unknownVersion(key.type(), named.version()), asked);
    }
    CompiledSchema schema = compile(named, body);
    Lineage known = lineages.get(key.type());
    if (known == null || !known.versions().containsKey(named.version())) {
      follow(key.type(), lineage(key.type()));
    }
    Lookup lookup = keep(named, schema);
    if (key.version() == NEWEST) {
      newest.asMap().merge(key.type(), named.version(), Math::max);
    }
    return lookup;
  }

  /** Unless the list changed since the registry was asked: the answer may be older than that. */
  private Lookup remember(Key key, Lookup lookup, long asked) {
    synchronized (absent) {
      if (lists == asked) {
        absent.put(key, lookup);
      }
    }
    return lookup;
  }

  private long lists() {
    synchronized (absent) {
      return lists;
    }
  }

  private static Key key(JsonNode body) {
    return new Key(body.path("type").asString(""), body.path("version").asInt(0));
  }

  /** Compiles one schema of the registry's answer, unless it is in memory with the same id. */
  private CompiledSchema compile(Key key, JsonNode body) throws IOException {
    int id = body.path("id").asInt(0);
    CompiledSchema known = compiled.getIfPresent(key);
    if (known != null && known.id() == id) {
      return known;
    }
    try {
      CompiledSchema schema =
          CompiledSchema.compile(id, key.type(), key.version(), body.path("schema"));
      compiled.put(key, schema);
      return schema;
    } catch (SchemaRejectedException e) {
      LOG.warn("schema {}/{} cannot be used here: {}", key.type(), key.version(), e.getMessage());
      throw new IOException("schema " + key + " cannot be used here: " + e.getMessage(), e);
    }
  }

  /** Again when the lineage changed meanwhile: who changed it may not have seen the entry yet. */
  private Lookup keep(Key key, CompiledSchema schema) throws IOException {
    while (true) {
      Lineage lineage = lineages.getOrDefault(key.type(), Lineage.NONE);
      Lookup lookup =
          Lookup.found(
              readings.of(schema, lineage, version -> sibling(new Key(key.type(), version))));
      found.put(key, lookup);
      if (lineage.equals(lineages.getOrDefault(key.type(), Lineage.NONE))) {
        return lookup;
      }
    }
  }

  private CompiledSchema sibling(Key key) throws IOException {
    CompiledSchema known = compiled.getIfPresent(key);
    if (known != null) {
      return known;
    }
    Answer answer = get("/schemas/" + key.type() + "/" + key.version(), "");
    if (answer.kind() != Answer.Kind.FOUND || !key(answer.body()).equals(key)) {
      throw new IOException("the registry has no " + key + " although it names it");
    }
    return compile(key, answer.body());
  }

  /** All versions of a type, without their schemas. */
  private Lineage lineage(String type) throws IOException {
    Map<Integer, Lineage.Version> versions = new HashMap<>();
    String path = "/schemas?type=" + type + "&limit=" + PAGE;
    String after = "";
    do {
      SchemaPage page = SchemaPage.of(get(path + (after.isEmpty() ? "" : "&after=" + after), ""));
      page.schemas().forEach(body -> versions.put(key(body).version(), Lineage.Version.of(body)));
      after = page.next();
    } while (!after.isEmpty());
    return new Lineage(versions);
  }

  /** Takes a lineage over, and with it the readings that it changes. */
  private void follow(String type, Lineage lineage) {
    if (lineage.equals(lineages.put(type, lineage))) {
      return;
    }
    for (Key key : found.asMap().keySet()) {
      if (key.type().equals(type)) {
        renew(key, compiled.getIfPresent(key));
      }
    }
  }

  /** What cannot be read any more is asked for again when an event needs it. */
  private void renew(Key key, CompiledSchema schema) {
    try {
      if (schema == null) {
        found.invalidate(key);
      } else {
        keep(key, schema);
      }
    } catch (IOException e) {
      LOG.warn("events of {} cannot be read: {}", key, e.getMessage());
      found.invalidate(key);
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
    Answer page = get("/schemas?limit=" + PAGE, listTag);
    if (page.kind() == Answer.Kind.NOT_MODIFIED) {
      return;
    }
    String tag = page.etag();
    Map<String, Integer> pointers = new HashMap<>();
    Map<String, Map<Integer, Lineage.Version>> versions = new HashMap<>();
    String after = adoptPage(page, pointers, versions);
    while (!after.isEmpty()) {
      after = adoptPage(get("/schemas?limit=" + PAGE + "&after=" + after, ""), pointers, versions);
    }
    versions.forEach((type, all) -> follow(type, new Lineage(all)));
    lineages.keySet().retainAll(versions.keySet());
    compiled.asMap().forEach(this::readIfNew);
    newest.putAll(pointers);
    newest.asMap().keySet().retainAll(pointers.keySet());
    listTag = tag;
    synchronized (absent) {
      lists++;
      absent.invalidateAll();
    }
  }

  private void readIfNew(Key key, CompiledSchema schema) {
    if (found.getIfPresent(key) == null) {
      renew(key, schema);
    }
  }

  /** Returns where the next page starts, {@code ""} after the last one. */
  private String adoptPage(
      Answer answer,
      Map<String, Integer> pointers,
      Map<String, Map<Integer, Lineage.Version>> versions)
      throws IOException {
    SchemaPage page = SchemaPage.of(answer);
    for (JsonNode body : page.schemas()) {
      Key key = key(body);
      Lineage.Version version = Lineage.Version.of(body);
      versions.computeIfAbsent(key.type(), type -> new HashMap<>()).put(key.version(), version);
      if (isUsable(key, body) && version.published()) {
        pointers.merge(key.type(), key.version(), Math::max);
      }
    }
    return page.next();
  }

  /** One schema that cannot be used must not keep the others away. */
  private boolean isUsable(Key key, JsonNode body) {
    try {
      return compile(key, body) != null;
    } catch (IOException e) {
      return false; // compile() has said why
    }
  }

  private Answer get(String path, String etag) throws IOException {
    requests.increment();
    try {
      Answer answer = api.get(path, etag);
      outage = null;
      answeredAtNanos = ticker.read();
      return answer;
    } catch (IOException e) {
      failures.increment();
      outage = new Outage(ticker.read() + config.outageTtl().toNanos(), e.getMessage());
      throw e;
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
    api.close();
  }
}
