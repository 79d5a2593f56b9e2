package io.eventpipeline.job.lookup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;
import tools.jackson.core.JacksonException;

/**
 * Values of one kind in Redis: read by one MGET, written by one pipeline of SET with expiry.
 *
 * @param <V> the value
 */
final class RedisBackend<V> implements CacheBackend<V> {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBackend.class);

  private final RedisClient redis;
  private final Kind<V> kind;
  private final long ttlSeconds;

  RedisBackend(RedisClient redis, Kind<V> kind, Duration ttl) {
    this.redis = redis;
    this.kind = kind;
    this.ttlSeconds = ttl.toSeconds();
  }

  @Override
  public Map<String, V> load(Collection<String> keys) {
    List<String> asked = new ArrayList<>(keys);
    List<String> answers =
        redis.mget(asked.stream().map(key -> kind.redisPrefix + key).toArray(String[]::new));
    Map<String, V> values = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      if (answers.get(i) != null) {
        put(values, asked.get(i), answers.get(i));
      }
    }
    return values;
  }

  /** A value that is no JSON counts as not cached: Postgres knows better and overwrites it. */
  private void put(Map<String, V> values, String key, String json) {
    try {
      values.put(key, kind.fromJson(json));
    } catch (JacksonException e) {
      LOG.warn("a cached value of {} is not readable: {}", kind.name, e.getOriginalMessage());
    }
  }

  @Override
  public void keep(Map<String, V> values) {
    SetParams expiry = SetParams.setParams().ex(ttlSeconds);
    try (Pipeline pipeline = redis.pipelined()) {
      values.forEach(
          (key, value) -> pipeline.set(kind.redisPrefix + key, kind.toJson(value), expiry));
      pipeline.sync();
    }
  }

  @Override
  public String toString() {
    return "Redis (" + kind.name + ")";
  }
}
