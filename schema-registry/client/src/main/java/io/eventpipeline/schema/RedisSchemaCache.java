package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@link SchemaCache} in Redis, shared by every edge and job:
 *
 * <pre>
 * schema_cache:{id}              the schema, JSON
 * schema_cache:{type}/{version}  {"entry": the registry's entry without its schema, "sha256": of the schema's text}
 * schema_cache:newest            {type: version, ...}
 * </pre>
 *
 * <p>A schema stands apart from the versions since several may share one id. Whatever is read is
 * bounded and held against its digest and its key; what does not fit is counted, named in the log
 * and left to the registry, which then overwrites it. That guards against accidents and against a
 * key written by something else, not against someone who may write to Redis and means it: the
 * registry's list overrules what came from here as soon as it is read.
 */
final class RedisSchemaCache implements SchemaCache {
  private static final Logger LOG = LoggerFactory.getLogger(RedisSchemaCache.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String PREFIX = "schema_cache:";
  private static final String NEWEST = PREFIX + "newest";

  /** A schema of 64 KiB with what it refers to inside; 10,000 types by name. */
  private static final int BYTES_MAX = 2 * 1024 * 1024;

  private static final int CONNECTIONS_MAX = 3; // two fetches and the refresh
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RedisClient redis;
  private final SetParams expiry;
  private final OutageGate gate;
  private volatile boolean missed; // something that was to be kept
  private final LongAdder hits = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /** Connects with the first call; Redis may be away. */
  RedisSchemaCache(SchemaCacheConfig config, Ticker ticker) {
    int timeoutMillis = Math.toIntExact(config.timeout().toMillis());
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(timeoutMillis)
            .socketTimeoutMillis(timeoutMillis);
    if (!config.password().isEmpty()) {
      client.password(config.password());
    }
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS_MAX);
    pool.setMaxIdle(CONNECTIONS_MAX);
    pool.setMinIdle(0);
    pool.setMaxWait(config.timeout());
    redis =
        RedisClient.builder()
            .hostAndPort(config.host(), config.port())
            .clientConfig(client.build())
            .poolConfig(pool)
            .build();
    expiry = SetParams.setParams().ex(config.ttl().toSeconds());
    gate = new OutageGate(PAUSE, ticker);
  }

  @Override
  public JsonNode find(String type, int version) {
    String key = PREFIX + type + "/" + version;
    JsonNode pointer = read(key);
    if (pointer == null) {
      return null;
    }
    JsonNode entry = pointer.path("entry");
    int id = entry.path("id").asInt(0);
    if (id <= 0
        || !entry.path("type").asString("").equals(type)
        || entry.path("version").asInt(0) != version) {
      return refuse(key, "it is not the entry of " + type + "/" + version);
    }
    String schemaKey = PREFIX + id;
    String text = text(schemaKey);
    if (text == null) {
      return null;
    }
    if (!sha256(text).equals(pointer.path("sha256").asString(""))) {
      return refuse(schemaKey, "its digest is another");
    }
    JsonNode schema = parse(schemaKey, text);
    if (schema == null) {
      return null;
    }
    hits.increment();
    return ((ObjectNode) entry).set("schema", schema);
  }

  @Override
  public Map<String, Integer> newest() {
    JsonNode known = read(NEWEST);
    Map<String, Integer> versions = new TreeMap<>();
    if (known != null) {
      for (Map.Entry<String, JsonNode> member : known.properties()) {
        if (SchemaLimits.isType(member.getKey()) && member.getValue().asInt(0) > 0) {
          versions.put(member.getKey(), member.getValue().asInt());
        }
      }
    }
    return versions;
  }

  @Override
  public boolean lacksEntries() {
    Boolean there = call(() -> redis.exists(NEWEST));
    if (there == null) {
      return false;
    }
    boolean lacks = missed || !there;
    missed = false; // until the next one that cannot be kept
    return lacks;
  }

  @Override
  public void keep(List<JsonNode> entries) {
    if (entries.isEmpty()) {
      return;
    }
    Boolean kept =
        call(
            () -> {
              try (Pipeline pipeline = redis.pipelined()) {
                for (JsonNode entry : entries) {
                  keep(entry, pipeline);
                }
                pipeline.sync();
              }
              return true;
            });
    if (kept == null) {
      missed = true;
    }
  }

  private void keep(JsonNode body, Pipeline pipeline) {
    ObjectNode entry = (ObjectNode) body.deepCopy();
    String schema = entry.remove("schema").toString();
    ObjectNode pointer = JSON.createObjectNode();
    pointer.set("entry", entry);
    pointer.put("sha256", sha256(schema));
    String key = entry.path("type").asString() + "/" + entry.path("version").asInt();
    pipeline.set(PREFIX + entry.path("id").asInt(), schema, expiry);
    pipeline.set(PREFIX + key, pointer.toString(), expiry);
  }

  @Override
  public void keepNewest(Map<String, Integer> newest) {
    // A client that may read some types only must not make the others disappear
    Map<String, Integer> all = newest();
    all.putAll(newest);
    String text = JSON.writeValueAsString(all);
    if (call(() -> redis.set(NEWEST, text, expiry)) == null) {
      missed = true;
    }
  }

  @Override
  public Stats stats() {
    return new Stats(hits.sum(), refused.sum(), failures.sum());
  }

  private JsonNode read(String key) {
    String text = text(key);
    return text == null ? null : parse(key, text);
  }

  private JsonNode parse(String key, String text) {
    try {
      JsonNode value = JSON.readTree(text);
      return value.isObject() ? value : refuse(key, "it is no JSON object");
    } catch (JacksonException e) {
      return refuse(key, "it is no JSON");
    }
  }

  /** At most the bound and one byte, whatever lies there; null when nothing does. */
  private String text(String key) {
    String text = call(() -> redis.getrange(key, 0, BYTES_MAX));
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.length() > BYTES_MAX) {
      refuse(key, "it has more than " + BYTES_MAX + " bytes");
      return null;
    }
    return text;
  }

  private JsonNode refuse(String key, String why) {
    refused.increment();
    LOG.warn("the cached value of {} is ignored: {}", key, why);
    return null;
  }

  /** Null when Redis does not answer, or did not a moment ago. */
  private <T> T call(Supplier<T> call) {
    if (!gate.closed().isEmpty()) {
      return null;
    }
    try {
      T answer = call.get();
      gate.answered();
      return answer;
    } catch (JedisDataException e) {
      refused.increment(); // an answer: a key of another kind, or a refused password
      LOG.warn("Redis refuses a look at the schema cache: {}", e.getMessage());
      return null;
    } catch (JedisException e) {
      failures.increment();
      gate.failed(String.valueOf(e.getMessage()));
      LOG.debug("no answer from the schema cache: {}", e.getMessage());
      return null;
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
