package io.eventpipeline.job.kafka;

/**
 * A stretch of one partition of the source topic, both ends included. It may hold records that
 * other transactions are about.
 */
record Offsets(int partition, long first, long last) {
  @Override
  public String toString() {
    return "partition " + partition + " offsets " + first + " to " + last;
  }
}
