package io.eventpipeline.job;

import io.eventpipeline.contract.FailureReason;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The counters of one step, in the metric group {@code pipeline} of its operator.
 *
 * <p>Over all subtasks, since the last start of the job:
 *
 * <pre>
 * decode    consumed = emitted + dead_letters
 * dedup     consumed = emitted + duplicates + dead_letters
 * validate  consumed = emitted + dead_letters + held, less what it held at the start
 * route     consumed = emitted + dead_letters
 * </pre>
 *
 * <p>Of those that {@code validate} emitted, {@code upcast} had their data migrated; {@code held}
 * is a gauge of the events that wait there now, for a schema that nobody can tell or behind one
 * that does, and {@code retried} how often one was tried again. {@code dead_letters} is also there
 * by reason, as {@code reason.<code>.dead_letters}. Used by the task's thread only.
 */
final class JobMetrics {
  private final MetricGroup group;
  private final Counter consumed;
  private final Counter emitted;
  private final Counter duplicates;
  private final Counter deadLetters;
  private final Counter upcast;
  private final Counter retried;
  private final Map<FailureReason, Counter> byReason = new EnumMap<>(FailureReason.class);

  JobMetrics(MetricGroup operator) {
    group = operator.addGroup("pipeline");
    consumed = group.counter("consumed");
    emitted = group.counter("emitted");
    duplicates = group.counter("duplicates");
    deadLetters = group.counter("dead_letters");
    upcast = group.counter("upcast");
    retried = group.counter("retried");
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

  void retried() {
    retried.inc();
  }

  /**
   * @param size asked for from another thread
   */
  void held(Gauge<Integer> size) {
    group.gauge("held", size);
  }

  void refused(FailureReason reason) {
    deadLetters.inc();
    byReason.computeIfAbsent(reason, this::counterOf).inc();
  }

  private Counter counterOf(FailureReason reason) {
    return group.addGroup("reason", reason.code()).counter("dead_letters");
  }
}
