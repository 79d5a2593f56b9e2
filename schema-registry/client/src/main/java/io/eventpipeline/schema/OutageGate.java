package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Leaves a server alone for a while after it did not answer, so that a miss does not cost every
 * event a timeout. Safe for use by many threads.
 */
final class OutageGate {
  private final Ticker ticker;
  private final long pauseNanos;
  private volatile Outage outage;

  private record Outage(long untilNanos, String why) {}

  OutageGate(Duration pause, Ticker ticker) {
    this.ticker = ticker;
    this.pauseNanos = pause.toNanos();
  }

  /** Why the server is not to be asked now; {@code ""} when it may be. */
  String closed() {
    Outage last = outage;
    return last != null && ticker.read() - last.untilNanos() < 0 ? last.why() : "";
  }

  void answered() {
    outage = null;
  }

  /**
   * @param why for people; never blank
   */
  void failed(String why) {
    outage = new Outage(ticker.read() + pauseNanos, why);
  }
}
