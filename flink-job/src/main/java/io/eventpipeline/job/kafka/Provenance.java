package io.eventpipeline.job.kafka;

import java.io.Serializable;

/** Tells which record of the source topic an outgoing record was made from. */
public interface Provenance<T> extends Serializable {
  /** Partition of the source topic; below 0 when it is not known. */
  int partition(T outgoing);

  /** Offset in that partition. */
  long offset(T outgoing);
}
