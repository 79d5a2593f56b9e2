package io.eventpipeline.job.kafka;

/** What became of a transaction. */
enum Outcome {
  /** Readers of committed records see it. */
  COMMITTED,
  /** They never will. */
  ABORTED,
  /** Readers have not got that far: it, or one that began before it, is still open. */
  OPEN,
  /** It has no witness, or the topic no longer holds that record. */
  UNKNOWN
}
