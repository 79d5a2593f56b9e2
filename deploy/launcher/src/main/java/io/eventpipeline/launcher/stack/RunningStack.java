package io.eventpipeline.launcher.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where a running stack answers.
 *
 * <p>A value, not a handle: holding one keeps nothing alive, and what it names may die and come
 * back on the same ports at any time. Users and passwords are in {@link LocalAccess}.
 *
 * @param ports of its components
 * @param data its data directory, absolute
 */
public record RunningStack(StackPorts ports, Path data) {

  /** The edge's public listener, e.g. {@code http://127.0.0.1:8080}; no trailing slash. */
  public URI edge() {
    return http(ports.edge());
  }

  /** The edge's admin listener; no trailing slash. */
  public URI edgeAdmin() {
    return http(ports.edgeAdmin());
  }

  /** The edge's WebSocket endpoint. */
  public URI edgeStream() {
    return URI.create("ws://127.0.0.1:" + ports.edge() + "/v1/events/stream");
  }

  /** The schema registry; no trailing slash. */
  public URI registry() {
    return http(ports.registry());
  }

  /** Flink's REST API and web UI; no trailing slash. */
  public URI flink() {
    return http(ports.flink());
  }

  /** ClickHouse over HTTP; no trailing slash. */
  public URI clickhouse() {
    return http(ports.clickhouse());
  }

  /** {@code bootstrap.servers} with every broker. */
  public String kafkaBootstrapServers() {
    return IntStream.rangeClosed(1, ports.brokers())
        .mapToObj(broker -> "127.0.0.1:" + ports.kafka(broker))
        .collect(Collectors.joining(","));
  }

  /** JDBC address of the pipeline's Postgres database. */
  public String postgresJdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/" + LocalAccess.POSTGRES_DATABASE;
  }

  private static URI http(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
