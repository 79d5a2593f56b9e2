package io.eventpipeline.launcher.chaos;

import io.eventpipeline.launcher.load.Freshness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long it takes after each fault until the stream is where it was: from the end of the fault
 * until events that the edge received after it are rows in ClickHouse, of every partition. The
 * checkpoint that makes rows visible, the clients' waits and the backlog are in it. Thread-safe.
 *
 * <p>Where the time from a fault to its recovery meets that of another, it belongs to both and is
 * kept apart.
 */
final class Recovery {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Freshness freshness;
  private final List<Injected> pending = new ArrayList<>();
  private final List<Injected> all = new ArrayList<>();
  private final List<Recovered> recovered = new ArrayList<>();
  private Duration longestStall = Duration.ZERO;
  private boolean loadEnded;

  /**
   * A fault that the stream recovered from.
   *
   * @param time from its end
   * @param at when that was
   */
  record Recovered(Injected fault, Duration time, Instant at) {}

  Recovery(Freshness freshness) {
    this.freshness = freshness;
  }

  /** A fault is over. */
  synchronized void await(Injected fault) {
    pending.add(fault);
    all.add(fault);
  }

  /** Looks again and again, until interrupted. */
  void watch() throws InterruptedException {
    while (true) {
      Thread.sleep(LOOK.toMillis());
      try {
        freshness.look();
      } catch (IOException e) {
        // ClickHouse is what was hit: that nothing new is seen is what is measured
        update(freshness.oldest(), Instant.now());
        continue;
      }
      update(freshness.oldest(), Instant.now());
    }
  }

  /** Books what every partition has reached by {@code now}. */
  synchronized void update(Optional<Instant> reached, Instant now) {
    if (reached.isEmpty()) {
      return;
    }
    Duration stall = Duration.between(reached.get(), now);
    if (!loadEnded && stall.compareTo(longestStall) > 0) {
      longestStall = stall;
    }
    for (Injected fault : List.copyOf(pending)) {
      if (reached.get().isAfter(fault.end())) {
        pending.remove(fault);
        recovered.add(new Recovered(fault, Duration.between(fault.end(), now), now));
      }
    }
  }

  /** Nothing more is sent: that nothing newer arrives is no stall from now on. */
  synchronized void loadEnds() {
    loadEnded = true;
  }

  /** Faults after which no newer event was seen in every partition. */
  synchronized List<Injected> pending() {
    return List.copyOf(pending);
  }

  /** Those that happened, in the order of recovery. */
  synchronized List<Recovered> recovered() {
    return List.copyOf(recovered);
  }

  /** Whether every other fault was recovered from before this one or began after its recovery. */
  synchronized boolean wasAlone(Recovered one) {
    return all.stream()
        .filter(other -> !other.equals(one.fault()))
        .noneMatch(
            other ->
                !other.begin().isAfter(one.at()) && !over(other).isBefore(one.fault().begin()));
  }

  private Instant over(Injected fault) {
    return recovered.stream()
        .filter(one -> one.fault().equals(fault))
        .map(Recovered::at)
        .findAny()
        .orElse(Instant.MAX);
  }

  /** The oldest that the newest row of any partition ever was. */
  synchronized Duration longestStall() {
    return longestStall;
  }
}
