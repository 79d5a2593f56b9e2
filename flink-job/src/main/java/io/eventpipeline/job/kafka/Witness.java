package io.eventpipeline.job.kafka;

/**
 * One record of a transaction: what became of it, became of the whole transaction.
 *
 * @param topic where the record is
 * @param partition of that topic
 * @param offset of the record
 */
record Witness(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + " offset " + offset;
  }
}
