package io.eventpipeline.job;

import io.eventpipeline.schema.SchemaCacheConfig;
import io.eventpipeline.schema.SchemaClient;
import io.eventpipeline.schema.SchemaClientConfig;
import io.eventpipeline.schema.Schemas;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schemas from the registry, all of them loaded before the first event; from Redis when the
 * registry is away.
 *
 * <p>A start without both would hold every event and then file it under {@code schema_unavailable},
 * so it waits, and then fails: Flink retries with backoff and the events wait in Kafka.
 */
final class RegistrySchemas implements SchemaSource {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RegistrySchemas.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final JobConfig.Registry config;
  private final JobConfig.Redis redis;

  RegistrySchemas(JobConfig.Registry config, JobConfig.Redis redis) {
    this.config = config;
    this.redis = redis;
  }

  @Override
  public Schemas open() throws IOException, InterruptedException {
    SchemaClientConfig defaults = SchemaClientConfig.of(config.url(), config.token().value());
    SchemaClient client =
        new SchemaClient(
            new SchemaClientConfig(
                defaults.url(),
                defaults.token(),
                config.timeout(),
                defaults.refresh(),
                defaults.negativeTtl(),
                defaults.outageTtl(),
                defaults.schemasMax()),
            SchemaCacheConfig.of(
                redis.host(), redis.port(), redis.password().value(), redis.timeout()));
    boolean ready = false;
    try {
      preload(client);
      ready = true;
      return client;
    } finally {
      if (!ready) {
        client.close();
      }
    }
  }

  private void preload(SchemaClient client) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + config.startTimeout().toNanos();
    while (true) {
      try {
        LOG.info("{} schemas loaded from {}", client.preload(), config.url());
        return;
      } catch (IOException e) {
        long recovered = client.recover();
        if (recovered > 0) {
          LOG.warn("{} schemas from Redis; the registry is away: {}", recovered, e.getMessage());
          return;
        }
        if (System.nanoTime() - deadline >= 0) {
          throw new IOException("no schemas from " + config.url() + ": " + e.getMessage(), e);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      }
    }
  }
}
