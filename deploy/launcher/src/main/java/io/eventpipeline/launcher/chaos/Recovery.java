package io.eventpipeline.launcher.chaos;

import io.eventpipeline.launcher.load.Freshness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How long it takes after each fault until the stream is where it was: from the end of the fault
 * until events that the edge received after it are rows in ClickHouse, of every partition. The
 * checkpoint that makes rows visible, the clients' waits and the backlog are in it. Thread-safe.
 */
final class Recovery {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Freshness freshness;
  private final List<Injected> pending = new ArrayList<>();
  private final Map<String, List<Duration>> times = new TreeMap<>();
  private Duration longestStall = Duration.ZERO;

  Recovery(Freshness freshness) {
    this.freshness = freshness;
  }

  /** A fault is over. */
  synchronized void await(Injected fault) {
    pending.add(fault);
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
    longestStall = stall.compareTo(longestStall) > 0 ? stall : longestStall;
    pending.removeIf(
        fault -> {
          boolean recovered = reached.get().isAfter(fault.end());
          if (recovered) {
            times
                .computeIfAbsent(fault.kind().name(), name -> new ArrayList<>())
                .add(Duration.between(fault.end(), now));
          }
          return recovered;
        });
  }

  /** Faults after which no newer event was seen in every partition. */
  synchronized List<Injected> pending() {
    return List.copyOf(pending);
  }

  /** Times to recovery by kind of fault. */
  synchronized Map<String, List<Duration>> times() {
    Map<String, List<Duration>> copy = new TreeMap<>();
    times.forEach((kind, all) -> copy.put(kind, List.copyOf(all)));
    return copy;
  }

  /** The oldest that the newest row of any partition ever was. */
  synchronized Duration longestStall() {
    return longestStall;
  }
}
