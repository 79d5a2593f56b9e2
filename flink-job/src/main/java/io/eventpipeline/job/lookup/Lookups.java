package io.eventpipeline.job.lookup;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventpipeline.job.JobConfig;
import io.eventpipeline.job.StoreConfig;
import io.eventpipeline.job.UserProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

/**
 * The look-ups of one job in one process, with their caches, connections and worker threads.
 *
 * <p>Shared by all subtasks of the job in a TaskManager: two subtasks that each had a cache of
 * their own would ask everything twice. {@link #acquire} and {@link #close} count the users; the
 * last one closes everything.
 */
public final class Lookups implements AutoCloseable {
  private record Settings(
      JobConfig.Redis redis, JobConfig.Postgres postgres, JobConfig.Enrich enrich) {}

  private static final Map<Settings, Lookups> OPEN = new HashMap<>();

  private final Settings settings;
  private final RedisClient redis;
  private final HikariDataSource postgres;
  private final Lookup<UserProfile> profiles;
  private final Lookup<StoreConfig> stores;
  private int users;

  private Lookups(Settings settings) {
    this.settings = settings;
    JobConfig.Enrich enrich = settings.enrich();
    redis = connect(settings.redis());
    postgres = connect(settings.postgres());
    var cachedProfiles = new RedisBackend<>(redis, Kind.PROFILES, settings.redis().ttl());
    var cachedStores = new RedisBackend<>(redis, Kind.STORES, settings.redis().ttl());
    var allProfiles = new PostgresBackend<>(postgres, Kind.PROFILES);
    var allStores = new PostgresBackend<>(postgres, Kind.STORES);
    WarmUp.of(List.of(cachedProfiles, allProfiles, allStores));
    profiles = new Lookup<>("profiles", cachedProfiles, allProfiles, enrich, System::nanoTime);
    stores = new Lookup<>("stores", cachedStores, allStores, enrich, System::nanoTime);
  }

  /**
   * The look-ups for this configuration; each call needs one {@link #close}. The first one blocks
   * until the backends have answered once, or seem to be away.
   */
  public static Lookups acquire(
      JobConfig.Redis redis, JobConfig.Postgres postgres, JobConfig.Enrich enrich) {
    synchronized (OPEN) {
      Lookups lookups = OPEN.computeIfAbsent(new Settings(redis, postgres, enrich), Lookups::new);
      lookups.users++;
      return lookups;
    }
  }

  public Lookup<UserProfile> profiles() {
    return profiles;
  }

  public Lookup<StoreConfig> stores() {
    return stores;
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(settings);
    }
    profiles.close();
    stores.close();
    redis.close();
    postgres.close();
  }

  private static RedisClient connect(JobConfig.Redis config) {
    int timeoutMillis = Math.toIntExact(config.timeout().toMillis());
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(timeoutMillis)
            .socketTimeoutMillis(timeoutMillis);
    if (!config.password().value().isEmpty()) {
      client.password(config.password().value());
    }
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(config.connectionsMax());
    pool.setMaxIdle(config.connectionsMax());
    pool.setMinIdle(0);
    pool.setMaxWait(config.timeout());
    return RedisClient.builder()
        .hostAndPort(config.host(), config.port())
        .clientConfig(client.build())
        .poolConfig(pool)
        .build();
  }

  private static HikariDataSource connect(JobConfig.Postgres config) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("lookups");
    pool.setJdbcUrl(config.url());
    pool.setUsername(config.user());
    pool.setPassword(config.password().value());
    pool.setMaximumPoolSize(config.connectionsMax());
    pool.setMinimumIdle(0);
    pool.setReadOnly(true);
    pool.setConnectionTimeout(config.timeout().toMillis());
    pool.setValidationTimeout(config.timeout().toMillis());
    pool.setInitializationFailTimeout(-1); // the job starts without Postgres, and goes on without
    String seconds = String.valueOf(config.timeout().plusMillis(999).toSeconds());
    pool.addDataSourceProperty("connectTimeout", seconds);
    pool.addDataSourceProperty("socketTimeout", seconds);
    pool.addDataSourceProperty("loginTimeout", seconds);
    return new HikariDataSource(pool);
  }
}
