package io.eventpipeline.launcher.load;

import io.eventpipeline.launcher.load.Warehouse.Counts;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The live line, and the knowledge of whether anything still moves. One thread.
 *
 * <p>What does not answer, since it was killed perhaps, keeps its last reading and is named.
 */
final class Monitor {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  /** A longer pause between two looks means that this machine slept, not that the pipeline did. */
  private static final long GAP_NANOS_MAX = Duration.ofSeconds(15).toNanos();

  private static final int LINE_CHARS = 118;

  private final Traffic traffic;
  private final Warehouse warehouse;
  private final Lag lag;
  private final PrintStream out;
  private final Load.Manner manner;
  private final long startNanos = System.nanoTime();
  private Counts counts = Counts.NONE;
  private OptionalLong lagRecords = OptionalLong.empty();
  private long lagNanos = startNanos - SECOND_NANOS;
  private String trouble = "";
  private long shownNanos = startNanos;
  private long shownSettled;
  private long progress = -1;
  private long lookedNanos = startNanos;
  private long idleNanos;

  /**
   * A monitor that has shown nothing yet.
   *
   * @param manner how often it shows a line, and whether that may be overwritten
   */
  Monitor(Traffic traffic, Warehouse warehouse, Lag lag, PrintStream out, Load.Manner manner) {
    this.traffic = traffic;
    this.warehouse = warehouse;
    this.lag = lag;
    this.out = out;
    this.manner = manner;
  }

  /**
   * Reads the tables; and the lag, and shows both, when the last time is long enough ago: these
   * cost the broker and the eye, and nothing waits for them.
   */
  void look() throws InterruptedException {
    trouble = "";
    try {
      counts = warehouse.counts();
    } catch (IOException e) {
      trouble = "ClickHouse: " + Failures.message(e);
    }
    if (System.nanoTime() - lagNanos >= SECOND_NANOS) {
      lagNanos = System.nanoTime();
      lagRecords = lag.records();
    }
    long now = System.nanoTime();
    long moved = traffic.acknowledged() + counts.raw() + counts.processed() + counts.errors();
    idleNanos = moved == progress ? idleNanos + Math.min(now - lookedNanos, GAP_NANOS_MAX) : 0;
    progress = moved;
    lookedNanos = now;
    if (now - shownNanos >= manner.every().toNanos()) {
      show(now);
    }
  }

  private void show(long now) {
    long settled = counts.processed() + counts.errors();
    double perSecond = (settled - shownSettled) * 1e9 / (now - shownNanos);
    shownSettled = settled;
    shownNanos = now;
    String what = trouble.isEmpty() ? traffic.trouble() : trouble;
    String line =
        String.format(
            Locale.ROOT,
            "%4d s  sent %,d  acked %,d  in ClickHouse %,d  dead letters %,d  lag %s  %,.0f events/s%s",
            (now - startNanos) / SECOND_NANOS,
            traffic.sent(),
            traffic.acknowledged(),
            counts.processed(),
            counts.errors(),
            lagRecords.isPresent()
                ? String.format(Locale.ROOT, "%,d", lagRecords.getAsLong())
                : "?",
            perSecond,
            what.isEmpty() ? "" : "  (" + what + ")");
    if (manner.terminal()) {
      String fitted = line.length() > LINE_CHARS ? line.substring(0, LINE_CHARS) : line;
      out.printf("\r%-" + LINE_CHARS + "s", fitted);
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** Leaves the live line as it is. */
  void end() {
    if (manner.terminal()) {
      out.println();
    }
  }

  /** Whether nothing was acknowledged and no row was added for {@code limit}. */
  boolean isStalled(Duration limit) {
    return idleNanos > limit.toNanos();
  }

  /**
   * Whether no row was added for {@code quiet} and the job had committed all it has read, as of the
   * newest reading: {@code quiet} must be longer than the second between two of them.
   */
  boolean isQuiet(Duration quiet) {
    return trouble.isEmpty() && lagRecords.orElse(0) == 0 && isStalled(quiet);
  }

  /** Newest reading of the tables. */
  Counts counts() {
    return counts;
  }

  /** What does not answer; {@code ""} when everything did. */
  String trouble() {
    return trouble.isEmpty() ? traffic.trouble() : trouble;
  }

  /** Newest reading of the lag. */
  OptionalLong lag() {
    return lagRecords;
  }
}
