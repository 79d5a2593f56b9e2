package io.eventpipeline.launcher.stack;

import io.eventpipeline.config.Check;
import io.eventpipeline.services.KafkaBroker;
import java.util.random.RandomGenerator;

/**
 * TCP ports of one local stack: the public contract's ports, all moved by one offset.
 *
 * @param offset added to every port; 0 is the documented set
 * @param brokers of Kafka, each with a port
 */
public record StackPorts(int offset, int brokers) {
  /** As many as a partition needs to go on without any one of them. */
  public static final int BROKERS_MAX = 3;

  /** Largest offset that leaves the highest port a valid one. */
  public static final int OFFSET_MAX =
      65_535 - KafkaBroker.PORT - BROKERS_MAX * KafkaBroker.PORTS_EACH + 1;

  /** Those of the usual stack, which has one broker. */
  public StackPorts(int offset) {
    this(offset, 1);
  }

  public StackPorts {
    Check.that(
        offset >= 0 && offset <= OFFSET_MAX,
        "--port-offset must be a number in 0..%d, was %d",
        OFFSET_MAX,
        offset);
    Check.that(
        brokers >= 1 && brokers <= BROKERS_MAX,
        "there can be 1..%d brokers, not %d",
        BROKERS_MAX,
        brokers);
  }

  /** The same ports, of a stack with {@code count} brokers. */
  public StackPorts withBrokers(int count) {
    return new StackPorts(offset, count);
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

  /** Kafka, clients' listener of the first broker. */
  public int kafka() {
    return kafka(1);
  }

  /** The clients' listener of a broker; they are numbered from 1. */
  public int kafka(int broker) {
    return KafkaBroker.PORT + (broker - 1) * KafkaBroker.PORTS_EACH + offset;
  }

  /** A broker's second listener: only in a stack whose programs come another way. */
  public int kafkaRelay(int broker) {
    return kafka(broker) + 1;
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
