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

  private final Cache<Key, Lookup> found;
  private final Cache<Key, Lookup> absent;
  private final Cache<String, Integer> newest;
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
    this.found = Caffeine.newBuilder().maximumSize(config.schemasMax()).build();
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
    found.cleanUp();
    return new Stats(
        found.estimatedSize(),
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

  private Lookup adoptAsked(Key key, JsonNode body, long asked) {
    Lookup lookup = adopt(body);
    if (lookup.found() && !isFor(key, lookup.schema())) {
      return Lookup.unavailable("the registry answered " + lookup.schema() + " to " + key);
    }
    if (lookup.found() && key.version() == NEWEST) {
      newest.asMap().merge(key.type(), lookup.schema().version(), Math::max);
    }
    return lookup.found() ? lookup : remember(key, lookup, asked);
  }

  private static boolean isFor(Key key, CompiledSchema schema) {
    return schema.type().equals(key.type())
        && (key.version() == NEWEST || key.version() == schema.version());
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

  /** Compiles one schema of the registry's answer, unless it is in memory with the same id. */
  private Lookup adopt(JsonNode body) {
    Key key = new Key(body.path("type").asString(""), body.path("version").asInt(0));
    if (body.path("status").asString("").equals("draft")) {
      return Lookup.unknownVersion(key.type(), key.version()); // it may still change
    }
    int id = body.path("id").asInt(0);
    Lookup known = found.getIfPresent(key);
    if (known != null && known.schema().id() == id) {
      return known;
    }
    try {
      Lookup lookup =
          Lookup.found(CompiledSchema.compile(id, key.type(), key.version(), body.path("schema")));
      found.put(key, lookup);
      return lookup;
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
    synchronized (absent) {
      lists++;
      absent.invalidateAll();
    }
  }

  /** Returns where the next page starts, {@code ""} after the last one. */
  private String adoptPage(Answer page, Map<String, Integer> pointers) throws IOException {
    if (page.kind() != Answer.Kind.FOUND || !page.body().path("schemas").isArray()) {
      throw new IOException("the registry's list is not one: " + page.kind());
    }
    for (JsonNode body : page.body().path("schemas")) {
      Lookup lookup = adopt(body);
      if (lookup.found() && body.path("status").asString("").equals("published")) {
        pointers.merge(lookup.schema().type(), lookup.schema().version(), Math::max);
      }
    }
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
