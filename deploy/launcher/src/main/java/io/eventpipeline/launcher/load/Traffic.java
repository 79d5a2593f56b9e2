package io.eventpipeline.launcher.load;

import io.eventpipeline.launcher.cli.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all lanes report to: the ledger, the counts that are shown, and the first defect. Any
 * thread.
 */
final class Traffic {
  private static final int EXAMPLES_MAX = 10;

  private final Ledger ledger;
  private final LatencyHistogram latency = new LatencyHistogram();
  private final LongAdder sent = new LongAdder();
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Map<Integer, String> refusals = new ConcurrentHashMap<>();
  private final AtomicReference<RuntimeException> defect = new AtomicReference<>();
  private volatile String trouble = "";

  Traffic(Ledger ledger) {
    this.ledger = ledger;
  }

  /** {@code events} are about to be sent, some of them perhaps again. */
  void sending(List<Outgoing> events, long nowNanos) {
    for (Outgoing event : events) {
      (event.attempt(nowNanos) ? sent : repeated).increment();
      ledger.attempted(event.event());
    }
  }

  /**
   * Books the edge's answers to {@code events}.
   *
   * @return the events that are to be sent again: those with status {@code retry} and those without
   *     an answer, in order
   */
  List<Outgoing> settle(List<Outgoing> events, Answers answers, long nowNanos) {
    Answers.Answer[] byEvent = new Answers.Answer[events.size()];
    for (Answers.Answer answer : answers.perEvent()) {
      if (answer.index() >= 0 && answer.index() < byEvent.length) {
        byEvent[answer.index()] = answer;
      }
    }
    List<Outgoing> again = new ArrayList<>();
    for (int i = 0; i < byEvent.length; i++) {
      Outgoing event = events.get(i);
      Answers.Answer answer = byEvent[i];
      if (answer == null || answer.isRetry()) {
        again.add(event);
      } else if (answer.isAccepted()) {
        ledger.acknowledged(event.event(), answer.id());
        latency.record(event.waitedNanos(nowNanos));
        acknowledged.increment();
      } else {
        refuse(event, answer.status() + " " + answer.reason());
      }
    }
    return again;
  }

  /**
   * The edge refused {@code event} for good, which it should not: everything sent is well-formed.
   */
  void refuse(Outgoing event, String why) {
    refused.increment();
    if (refusals.size() < EXAMPLES_MAX) {
      refusals.put(event.event(), why);
    }
  }

  /** Something to wait out, shown next to the counts until the next acknowledgement. */
  void trouble(String what) {
    trouble = what;
  }

  /** Nothing that waiting would repair: stops all lanes. */
  void fail(RuntimeException cause) {
    defect.compareAndSet(null, cause);
  }

  /**
   * Throws what stopped a lane, if anything did.
   *
   * @throws CommandException the first defect that a lane reported
   */
  void check() {
    RuntimeException cause = defect.get();
    if (cause != null) {
      throw new CommandException("the load cannot go on: " + cause.getMessage(), cause);
    }
  }

  boolean hasFailed() {
    return defect.get() != null;
  }

  /** Sends that were tried at least once. */
  long sent() {
    return sent.sum();
  }

  /** Sends that the edge accepted. */
  long acknowledged() {
    return acknowledged.sum();
  }

  /** Further tries of a send that was answered with {@code retry} or not at all. */
  long repeated() {
    return repeated.sum();
  }

  /** Sends that the edge refused for good. */
  long refused() {
    return refused.sum();
  }

  /** Up to ten refusals, by event number. */
  Map<Integer, String> refusals() {
    return Map.copyOf(refusals);
  }

  /** The newest trouble; {@code ""} when there was none. */
  String trouble() {
    return trouble;
  }

  LatencyHistogram latency() {
    return latency;
  }
}
