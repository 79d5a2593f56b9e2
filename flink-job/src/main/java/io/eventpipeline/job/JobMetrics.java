package io.eventpipeline.job;

import io.eventpipeline.contract.FailureReason;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * The counters of one step, in the metric group {@code pipeline} of its operator.
 *
 * <p>Over all subtasks, since the last start of the job:
 *
 * <pre>
 * decode    consumed = emitted + dead_letters
 * dedup     consumed = emitted + duplicates + dead_letters
 * validate  consumed = emitted + dead_letters
 * route     consumed = emitted + dead_letters
 * </pre>
 *
 * <p>Of those that {@code validate} emitted, {@code upcast} had their data migrated. {@code
 * dead_letters} is also there by reason, as {@code reason.<code>.dead_letters}. Used by the task's
 * thread only.
 */
final class JobMetrics {
  private final MetricGroup group;
  private final Counter consumed;
  private final Counter emitted;
  private final Counter duplicates;
  private final Counter deadLetters;
  private final Counter upcast;
  private final Map<FailureReason, Counter> byReason = new EnumMap<>(FailureReason.class);

  JobMetrics(MetricGroup operator) {
    group = operator.addGroup("pipeline");
    consumed = group.counter("consumed");
    emitted = group.counter("emitted");
    duplicates = group.counter("duplicates");
    deadLetters = group.counter("dead_letters");
    upcast = group.counter("upcast");
  }

  void consumed() {
    consumed.inc();
  }

  void emitted() {
    emitted.inc();
  }

  void duplicate() {
    duplicates.inc();
  }

  void upcast() {
    upcast.inc();
  }

  void refused(FailureReason reason) {
    deadLetters.inc();
    byReason.computeIfAbsent(reason, this::counterOf).inc();
  }

  private Counter counterOf(FailureReason reason) {
    return group.addGroup("reason", reason.code()).counter("dead_letters");
  }
}
