package io.eventpipeline.services;

/** The servers that a kit can hold. */
public enum Server {
  KAFKA,
  REDIS,
  POSTGRES,
  CLICKHOUSE,
  /** A cluster with one TaskManager of four slots. */
  FLINK
}
