package io.eventpipeline.schema.migration;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds one evaluation within {@link MigrationLimits}; hangs on the library's hooks before and
 * after each part of an expression. The library's own bounds on the same hooks know the clock and
 * the depth only, and look away in the second item of an array.
 */
final class Bounds {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int STEPS_BETWEEN_LOOKS = 256;

  /** Values never change once they were seen, so each is measured once, its parts before it. */
  private final IdentityHashMap<Object, Long> sizes = new IdentityHashMap<>();

  private final long startedNanos = System.nanoTime();
  private long processorNanos;
  private int steps;
  private int depth;
  private long work;
  private String exceeded = "";

  /** Which bound ended the evaluation, {@code ""} for none: the library may hide the exception. */
  String exceeded() {
    return exceeded;
  }

  void enter() {
    if (++steps > MigrationLimits.STEPS_MAX) {
      throw exceeds("more than " + MigrationLimits.STEPS_MAX + " steps");
    }
    if (++depth > MigrationLimits.DEPTH_MAX) {
      throw exceeds("nested deeper than " + MigrationLimits.DEPTH_MAX + " evaluations");
    }
    if (steps % STEPS_BETWEEN_LOOKS == 0) {
      look();
    }
  }

  void leave(Object result) {
    depth--;
    if (result instanceof Pattern) {
      throw exceeds("regular expressions are not part of migrations");
    }
    long size = size(result);
    if (result instanceof String) {
      spend(size);
    }
  }

  private void look() {
    long limit = MigrationLimits.TIME_MAX.toNanos();
    if (processorNanos == 0) {
      processorNanos = THREADS.getCurrentThreadCpuTime();
    }
    if (System.nanoTime() - startedNanos > limit
        && (processorNanos < 0 || THREADS.getCurrentThreadCpuTime() - processorNanos > limit)) {
      throw exceeds("longer than " + MigrationLimits.TIME_MAX.toMillis() + " ms");
    }
  }

  private long size(Object value) {
    if (value instanceof String text) {
      return within(1L + text.length());
    }
    if (!(value instanceof List) && !(value instanceof Map)) {
      return 1;
    }
    Long known = sizes.get(value);
    if (known != null) {
      return known;
    }
    long size = value instanceof List<?> list ? sizeOf(list) : sizeOf((Map<?, ?>) value);
    sizes.put(value, size);
    return size;
  }

  private long sizeOf(List<?> list) {
    spend(within(list.size())); // before the items are looked at: a range has ten million
    long size = 1;
    for (Object item : list) {
      size = within(size + size(item));
    }
    return size;
  }

  private long sizeOf(Map<?, ?> map) {
    spend(within(map.size()));
    long size = 1;
    for (Map.Entry<?, ?> member : map.entrySet()) {
      size = within(size + size(member.getKey()) + size(member.getValue()));
    }
    return size;
  }

  private long within(long size) {
    if (size > MigrationLimits.SIZE_MAX) {
      throw exceeds("a value larger than " + MigrationLimits.SIZE_MAX);
    }
    return size;
  }

  private void spend(long size) {
    work += size;
    if (work > MigrationLimits.WORK_MAX) {
      throw exceeds("values of more than " + MigrationLimits.WORK_MAX + " together");
    }
  }

  private Unusable exceeds(String what) {
    exceeded = what;
    return new Unusable(what);
  }
}
