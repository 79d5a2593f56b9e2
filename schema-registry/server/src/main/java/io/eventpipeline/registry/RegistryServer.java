package io.eventpipeline.registry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.registry.warehouse.ColumnPlanner;
import io.eventpipeline.registry.warehouse.Warehouse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running registry: pool, tables, shipped schemas, listener. Several may share a database. */
public final class RegistryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

  /** Longest statement: a page of a hundred schemas takes milliseconds. */
  private static final String STATEMENT_TIMEOUT = "-c statement_timeout=5000 -c lock_timeout=4000";

  /** Class of the SQL states that say so. */
  private static final String NOT_AUTHORISED = "28";

  private static final int STEP_SECONDS_MAX = 30;

  private final HikariDataSource pool;
  private final Optional<Warehouse> warehouse;
  private final Vertx vertx;
  private final RegistryVerticle listener;

  private RegistryServer(
      HikariDataSource pool,
      Optional<Warehouse> warehouse,
      Vertx vertx,
      RegistryVerticle listener) {
    this.pool = pool;
    this.warehouse = warehouse;
    this.vertx = vertx;
    this.listener = listener;
  }

  /**
   * Starts and returns when requests are answered. Brings the tables up to date first.
   *
   * @throws IllegalStateException when the database or the port cannot be had, with the reason
   */
  public static RegistryServer start(RegistryConfig config) {
    RegistryMetrics metrics = new RegistryMetrics();
    HikariDataSource pool = pool(config.postgres(), metrics);
    Optional<Warehouse> warehouse = config.clickhouse().map(Warehouse::new);
    Vertx vertx = null;
    try {
      requireAccess(config.postgres());
      migrate(pool);
      CompatibilityRule rule = new ProvenCompatibility();
      ColumnPlanner planner = new ColumnPlanner(warehouse);
      Stores stores = Stores.on(pool, rule, new TriedMigration(), planner);
      int created = ShippedSchemas.register(stores.schemas(), stores.changes());
      vertx = vertx(metrics);
      RegistryVerticle listener =
          new RegistryVerticle(config, stores, rule, warehouse, planner, metrics);
      listen(vertx, listener, config.http());
      LOG.info(
          "the registry listens on {}:{}; {} shipped schemas were new",
          config.http().host(),
          listener.port(),
          created);
      return new RegistryServer(pool, warehouse, vertx, listener);
    } catch (SQLException | RuntimeException e) {
      if (vertx != null) {
        await(vertx.close());
      }
      warehouse.ifPresent(Warehouse::close);
      pool.close();
      throw new IllegalStateException("the registry cannot start: " + e.getMessage(), e);
    }
  }

  private static void listen(Vertx vertx, RegistryVerticle listener, RegistryConfig.Http http) {
    try {
      await(vertx.deployVerticle(listener));
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "cannot listen on " + http.host() + ":" + http.port() + ": " + e.getMessage(), e);
    }
  }

  /** The port in use, also when any free one was asked for. */
  public int port() {
    return listener.port();
  }

  /** Takes no new requests, finishes those in flight for some seconds, then lets everything go. */
  @Override
  public void close() {
    await(vertx.close());
    warehouse.ifPresent(Warehouse::close);
    pool.close();
  }

  private static HikariDataSource pool(RegistryConfig.Postgres postgres, RegistryMetrics metrics) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("registry");
    config.setJdbcUrl(postgres.url());
    config.setUsername(postgres.user());
    config.setPassword(postgres.password().value());
    config.setMaximumPoolSize(postgres.poolMax());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(3_000);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(-1); // migrate() waits, with a reason when it gives up
    config.setMetricRegistry(metrics.meters());
    config.addDataSourceProperty("ApplicationName", "schema-registry");
    config.addDataSourceProperty("connectTimeout", "3");
    config.addDataSourceProperty("socketTimeout", "10");
    config.addDataSourceProperty("options", STATEMENT_TIMEOUT);
    return new HikariDataSource(config);
  }

  /** A database that is away may come back; one that knows no such user will not. */
  private static void requireAccess(RegistryConfig.Postgres postgres) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", postgres.user());
    properties.setProperty("password", postgres.password().value());
    properties.setProperty("connectTimeout", "3");
    try (Connection connection = DriverManager.getConnection(postgres.url(), properties)) {
      LOG.debug("{} is at hand", connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith(NOT_AUTHORISED)) {
        throw e;
      }
      LOG.warn("Postgres does not answer yet: {}", e.getMessage());
    }
  }

  /**
   * Flyway holds a lock meanwhile: of servers that start together one migrates, the others wait.
   */
  private static void migrate(DataSource database) {
    Flyway.configure()
        .dataSource(database)
        .connectRetries(3) // after 1, 2 and 4 s
        .defaultSchema("registry")
        .schemas("registry")
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  private static Vertx vertx(RegistryMetrics metrics) {
    MicrometerMetricsOptions options = new MicrometerMetricsOptions();
    options.setEnabled(true);
    options.setLabels(EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE, Label.HTTP_ROUTE));
    options.setJvmMetricsEnabled(true);
    return Vertx.builder()
        .with(new VertxOptions().setMetricsOptions(options))
        .withMetrics(new MicrometerMetricsFactory(metrics.meters()))
        .build();
  }

  private static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(STEP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + STEP_SECONDS_MAX + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
