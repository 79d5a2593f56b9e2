package io.eventpipeline.launcher.stack;

import io.eventpipeline.config.Check;
import java.util.random.RandomGenerator;

/**
 * TCP ports of one local stack: the public contract's ports, all moved by one offset.
 *
 * @param offset added to every port; 0 is the documented set
 */
public record StackPorts(int offset) {
  private static final int KAFKA = 9092;

  /** Largest offset that leaves the highest port a valid one. */
  public static final int OFFSET_MAX = 65_535 - KAFKA - 1;

  public StackPorts {
    Check.that(
        offset >= 0 && offset <= OFFSET_MAX,
        "--port-offset must be a number in 0..%d, was %d",
        OFFSET_MAX,
        offset);
  }

  /**
   * A set of ports that are all free now, at a random offset.
   *
   * @throws io.eventpipeline.launcher.cli.CommandException when none was found
   */
  public static StackPorts free(RandomGenerator random) {
    return TakenPorts.free(random);
  }

  /** Whether nothing listens on any of them now. */
  public boolean areFree() {
    return TakenPorts.areFree(this);
  }

  /** Edge, public listener: HTTP and WebSocket. */
  public int edge() {
    return 8080 + offset;
  }

  /** Edge, admin listener; loopback only. */
  public int edgeAdmin() {
    return 8090 + offset;
  }

  /** Schema registry, HTTP. */
  public int registry() {
    return 8085 + offset;
  }

  /** Flink JobManager: web UI and REST. */
  public int flink() {
    return 8081 + offset;
  }

  /** Kafka, clients' listener. */
  public int kafka() {
    return KAFKA + offset;
  }

  /** Kafka, a second listener: only in a stack whose programs come another way. */
  public int kafkaRelay() {
    return KAFKA + 1 + offset;
  }

  /** ClickHouse, HTTP. */
  public int clickhouse() {
    return 8123 + offset;
  }

  /** ClickHouse, native protocol. */
  public int clickhouseNative() {
    return 9000 + offset;
  }

  /** Postgres. */
  public int postgres() {
    return 5432 + offset;
  }

  /** Redis. */
  public int redis() {
    return 6379 + offset;
  }
}
