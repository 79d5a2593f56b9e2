package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import java.util.Optional;

/**
 * Where accepted events go.
 *
 * <p>Guarantee: an event is acknowledged only when it is stored in the raw topic, at the partition
 * and offset told. A refused event may be stored all the same (an answer was lost): the caller
 * sends it again with the same id and the pipeline collapses the two. Events with the same key from
 * one thread keep their order, except that a refused one leaves a gap.
 */
interface EventPublisher extends AutoCloseable {

  /**
   * Takes one event. Never blocks, never throws.
   *
   * @param event what to store
   * @param index handed back to the receipt
   * @param receipt called exactly once with this index, on any thread, maybe before this returns
   */
  void publish(OutgoingEvent event, int index, Receipt receipt);

  /** Why events cannot be taken now; empty when they can. Answers from memory. */
  Optional<String> unavailable();

  /** Events that wait for their acknowledgement. */
  int inFlightEvents();

  /** Bytes of them. */
  long inFlightBytes();

  /** Waits a bounded time for what is in flight; what is left then is refused. Blocks. */
  @Override
  void close();

  /** Hears what became of each event. */
  interface Receipt {
    /** The event is stored. */
    void acknowledged(int index, int partition, long offset);

    /** The event is not known to be stored. */
    void refused(int index, FailureReason reason, String detail);
  }
}
