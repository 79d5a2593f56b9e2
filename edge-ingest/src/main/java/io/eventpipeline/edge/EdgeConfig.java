package io.eventpipeline.edge;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.edge.status.StatusConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * All settings of the edge; environment prefix {@code EDGE}.
 *
 * @param http public listener
 * @param stream WebSocket streams on the public listener
 * @param admin operators' listener
 * @param kafka where events go, and how many may be on their way
 * @param keys where write keys come from
 * @param schemas whether data is held against its schema before it is taken
 * @param status what {@code /pipeline/status} asks
 */
public record EdgeConfig(
    Http http,
    Stream stream,
    Admin admin,
    Kafka kafka,
    Keys keys,
    Schemas schemas,
    StatusConfig status) {

  /**
   * The public listener.
   *
   * @param host address to listen on
   * @param port TCP port, 0 = any free one
   * @param eventLoops event loop threads, 0 = one for each processor
   * @param connectionsMax connections at once, streams too; one above is answered 503 and closed
   * @param bodyBytesMax largest event, alone, in a batch or in a frame; above it {@code
   *     body_too_large}, which is 413 when it came alone
   * @param batchBytesMax largest body with a batch; above it 413
   * @param bodiesBytesMax memory for bodies that are being received, all requests together; above
   *     it 503
   * @param headTimeout longest time from the start of a connection to the end of its first head;
   *     then it is closed
   * @param bodyTimeout longest time from the head of a request to the end of its body; above it 408
   * @param idleTimeout longest silence on a connection that has no stream; a head that is not
   *     complete is silence
   */
  public record Http(
      String host,
      int port,
      int eventLoops,
      int connectionsMax,
      int bodyBytesMax,
      int batchBytesMax,
      long bodiesBytesMax,
      Duration headTimeout,
      Duration bodyTimeout,
      Duration idleTimeout) {
    public Http {
      checkPort("http.port", port);
      Check.that(eventLoops >= 0, "http.eventLoops must be >= 0, was %s", eventLoops);
      Check.that(connectionsMax > 0, "http.connectionsMax must be > 0, was %s", connectionsMax);
      Check.that(
          bodyBytesMax > 0 && bodyBytesMax <= EventLimits.EVENT_BYTES_MAX,
          "http.bodyBytesMax must be in 1..%s, was %s",
          EventLimits.EVENT_BYTES_MAX,
          bodyBytesMax);
      Check.that(
          batchBytesMax >= bodyBytesMax,
          "http.batchBytesMax must be >= http.bodyBytesMax, was %s",
          batchBytesMax);
      Check.that(
          bodiesBytesMax >= batchBytesMax,
          "http.bodiesBytesMax must be >= http.batchBytesMax, was %s",
          bodiesBytesMax);
      checkPositive("http.headTimeout", headTimeout);
      checkPositive("http.bodyTimeout", bodyTimeout);
      checkPositive("http.idleTimeout", idleTimeout);
    }
  }

  /**
   * WebSocket streams.
   *
   * @param creditEvents events of one socket that may wait for their acknowledgement; then it is
   *     not read
   * @param creditBytes bytes of them
   * @param messageBytesMax largest message; above it close 1009
   * @param fragmentsMax most frames of one message; above it close 1008
   * @param pingsPerSecondMax most pings of one client that are answered in one second; above it
   *     close 1008
   * @param pingInterval between two pings; a socket that is silent for two of them is closed
   */
  public record Stream(
      int creditEvents,
      int creditBytes,
      int messageBytesMax,
      int fragmentsMax,
      int pingsPerSecondMax,
      Duration pingInterval) {
    public Stream {
      Check.that(creditEvents > 0, "stream.creditEvents must be > 0, was %s", creditEvents);
      Check.that(creditBytes > 0, "stream.creditBytes must be > 0, was %s", creditBytes);
      Check.that(
          messageBytesMax > 0, "stream.messageBytesMax must be > 0, was %s", messageBytesMax);
      Check.that(fragmentsMax > 0, "stream.fragmentsMax must be > 0, was %s", fragmentsMax);
      Check.that(
          pingsPerSecondMax > 0, "stream.pingsPerSecondMax must be > 0, was %s", pingsPerSecondMax);
      checkPositive("stream.pingInterval", pingInterval);
    }
  }

  /**
   * The operators' listener.
   *
   * @param host address to listen on; anything but loopback opens it to the network without a
   *     password
   * @param port TCP port, 0 = any free one
   */
  public record Admin(String host, int port) {
    public Admin {
      checkPort("admin.port", port);
    }
  }

  /**
   * The producer and its bounds.
   *
   * @param bootstrapServers host:port, comma-separated
   * @param linger how long a batch waits for more events before it is sent
   * @param batchBytes largest batch for one partition
   * @param compression none, lz4, snappy, gzip or zstd
   * @param bufferBytes memory of the producer; must exceed {@code inFlightBytesMax}
   * @param requestTimeout longest wait for one answer of the broker
   * @param deliveryTimeout longest wait for the acknowledgement of an event; then the caller is
   *     told to retry
   * @param inFlightEventsMax events that may wait for their acknowledgement; above it 503
   * @param inFlightBytesMax bytes of them; above it 503
   */
  public record Kafka(
      String bootstrapServers,
      Duration linger,
      int batchBytes,
      String compression,
      long bufferBytes,
      Duration requestTimeout,
      Duration deliveryTimeout,
      int inFlightEventsMax,
      long inFlightBytesMax) {
    private static final Set<String> COMPRESSIONS = Set.of("none", "lz4", "snappy", "gzip", "zstd");

    public Kafka {
      Check.that(!bootstrapServers.isBlank(), "kafka.bootstrapServers must not be empty");
      Check.that(!linger.isNegative(), "kafka.linger must be >= PT0S, was %s", linger);
      Check.that(batchBytes > 0, "kafka.batchBytes must be > 0, was %s", batchBytes);
      Check.that(
          COMPRESSIONS.contains(compression),
          "kafka.compression must be one of %s, was %s",
          COMPRESSIONS,
          compression);
      checkPositive("kafka.requestTimeout", requestTimeout);
      Check.that(
          deliveryTimeout.compareTo(linger.plus(requestTimeout)) >= 0,
          "kafka.deliveryTimeout must be >= linger + requestTimeout, was %s",
          deliveryTimeout);
      Check.that(
          inFlightEventsMax >= EventLimits.BATCH_EVENTS_MAX,
          "kafka.inFlightEventsMax must be >= %s, was %s",
          EventLimits.BATCH_EVENTS_MAX,
          inFlightEventsMax);
      Check.that(
          inFlightBytesMax >= EventLimits.EVENT_BYTES_MAX && inFlightBytesMax < bufferBytes,
          "kafka.inFlightBytesMax must be >= %s and < kafka.bufferBytes, was %s",
          EventLimits.EVENT_BYTES_MAX,
          inFlightBytesMax);
    }
  }

  /**
   * Where write keys are read.
   *
   * @param postgresUrl JDBC URL of the database with the table {@code write_key}
   * @param user its user
   * @param password its password
   * @param refresh between two readings: how long a revoked key still works, at most
   */
  public record Keys(String postgresUrl, String user, Secret password, Duration refresh) {
    public Keys {
      Check.that(
          postgresUrl.startsWith("jdbc:postgresql:"),
          "keys.postgresUrl must start with jdbc:postgresql:, was %s",
          postgresUrl);
      checkPositive("keys.refresh", refresh);
    }
  }

  /**
   * Where schemas come from, when data is to be held against them.
   *
   * @param validate whether data that breaks its schema is refused at once, and is then no dead
   *     letter; without it nothing here is used
   * @param registryUrl address of the schema registry
   * @param registryToken bearer token that may read schemas
   * @param redisHost of the cache in front of it
   * @param redisPort its port
   * @param redisPassword {@code ""} for none
   * @param redisTimeout for connecting and for each answer
   */
  public record Schemas(
      boolean validate,
      URI registryUrl,
      Secret registryToken,
      String redisHost,
      int redisPort,
      Secret redisPassword,
      Duration redisTimeout) {
    public Schemas {
      Check.that(
          registryUrl.toString().matches("https?://.+"),
          "schemas.registryUrl must be http(s)://..., was %s",
          registryUrl);
      Check.that(!redisHost.isBlank(), "schemas.redisHost must not be empty");
      Check.that(redisPort > 0, "schemas.redisPort must be > 0, was %s", redisPort);
      checkPort("schemas.redisPort", redisPort);
      checkPositive("schemas.redisTimeout", redisTimeout);
    }
  }

  private static void checkPort(String key, int port) {
    Check.that(port >= 0 && port <= 65_535, "%s must be in 0..65535, was %s", key, port);
  }

  private static void checkPositive(String key, Duration value) {
    Check.that(
        !value.isNegative() && !value.isZero(), "%s must be longer than PT0S, was %s", key, value);
  }
}
