package io.eventpipeline.services;

/**
 * How much memory each server may take, in MiB.
 *
 * @param kafkaHeap of the broker
 * @param redis data; above it the least used keys are evicted
 * @param clickhouse the engine's own limit for all queries and merges; one query may take half
 * @param jobManagerHeap of Flink's JobManager
 * @param taskHeap of each TaskManager for user code
 * @param taskManaged of each TaskManager for RocksDB, off heap
 */
public record Sizes(
    int kafkaHeap, int redis, int clickhouse, int jobManagerHeap, int taskHeap, int taskManaged) {
  /** For a laptop with 2 cores: about 3 GB resident with one TaskManager, all of it under load. */
  public static final Sizes LAPTOP = new Sizes(512, 128, 2048, 448, 512, 192);
}
