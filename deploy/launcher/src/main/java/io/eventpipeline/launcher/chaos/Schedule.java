package io.eventpipeline.launcher.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What happens when: a pure function of seed, length, kinds of fault and number of brokers.
 *
 * <p>The kinds are dealt like cards, so that each comes once before any comes twice. Faults of
 * different victims may overlap; two of the same victim are {@link #APART} at least. Nothing begins
 * in the last seconds that would not end in time.
 *
 * @param faults in the order of their beginning
 */
record Schedule(List<Planned> faults) {
  /** The first fault hits a stream that flows through every partition. */
  private static final Duration LEAD = Duration.ofSeconds(5);

  private static final Duration GAP_MIN = Duration.ofSeconds(4);
  private static final Duration GAP_MAX = Duration.ofSeconds(20);

  /** From the end of a fault to the next of the same victim: it is up again, not yet at ease. */
  static final Duration APART = Duration.ofSeconds(8);

  private static final Duration LASTS_MIN = Duration.ofSeconds(5);
  private static final Duration LASTS_MAX = Duration.ofSeconds(10);

  /** {@code heartbeat.timeout} of the kit's cluster: who hangs for longer is given up. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /**
   * Kafka's {@code broker.session.timeout.ms} unless set: a broker that hangs for longer is fenced
   * and others lead its partitions.
   */
  static final Duration BROKER_SESSION = Duration.ofSeconds(9);

  /** A hanging broker may have been the controller: the next one is elected and counts anew. */
  private static final Duration ELECTION = Duration.ofSeconds(3);

  private static final Duration GIVEN_UP_MAX = Duration.ofSeconds(20);

  /**
   * One fault to come.
   *
   * @param at since the load began
   * @param lasts zero for one that is over at once
   */
  record Planned(FaultKind kind, Duration at, Duration lasts) {
    Duration end() {
      return at.plus(lasts);
    }

    /** Which of {@code count} alike it hits, from 0: its milliseconds are as good as a draw. */
    int which(int count) {
      return (int) (at.toMillis() % count);
    }
  }

  Schedule {
    faults = List.copyOf(faults);
  }

  /** The schedule of {@code seed}: the same arguments give the same faults at the same times. */
  static Schedule of(long seed, Duration length, List<FaultKind> kinds, int brokers) {
    SplittableRandom random = new SplittableRandom(seed);
    List<FaultKind> deck = new ArrayList<>();
    Map<String, Duration> free = new HashMap<>();
    List<Planned> planned = new ArrayList<>();
    Duration next = LEAD;
    while (next.compareTo(length) < 0) {
      if (deck.isEmpty()) {
        deck.addAll(shuffled(kinds, random));
      }
      FaultKind kind = deck.remove(deck.size() - 1);
      Duration lasts = lasts(kind, brokers, random);
      Duration allowed = free.getOrDefault(kind.victim(), Duration.ZERO);
      Planned fault = new Planned(kind, allowed.compareTo(next) > 0 ? allowed : next, lasts);
      if (fault.end().compareTo(length) <= 0) {
        planned.add(fault);
        free.put(kind.victim(), fault.end().plus(APART));
      }
      next = next.plus(between(GAP_MIN, GAP_MAX, random));
    }
    planned.sort(Comparator.comparing(Planned::at));
    return new Schedule(planned);
  }

  private static Duration lasts(FaultKind kind, int brokers, SplittableRandom random) {
    return switch (kind.action()) {
      case KILL -> Duration.ZERO;
      case PAUSE -> between(pauseMin(kind, brokers), pauseMax(kind, brokers), random);
      case CUT, HALF_OPEN, DELAY, REFUSE, FILL -> between(LASTS_MIN, LASTS_MAX, random);
    };
  }

  private static Duration pauseMin(FaultKind kind, int brokers) {
    if (kind.component().startsWith("flink")) {
      return HEARTBEAT.plusSeconds(1);
    }
    return isFenced(kind, brokers) ? BROKER_SESSION.plus(ELECTION) : LASTS_MIN;
  }

  private static Duration pauseMax(FaultKind kind, int brokers) {
    return kind.component().startsWith("flink") || isFenced(kind, brokers)
        ? GIVEN_UP_MAX
        : LASTS_MAX;
  }

  /** A broker alone has nobody who would fence it. */
  private static boolean isFenced(FaultKind kind, int brokers) {
    return brokers > 1 && kind.victim().equals("kafka");
  }

  private static List<FaultKind> shuffled(List<FaultKind> kinds, SplittableRandom random) {
    List<FaultKind> deck = new ArrayList<>(kinds);
    deck.sort(Comparator.comparing(FaultKind::name));
    for (int i = deck.size() - 1; i > 0; i--) {
      FaultKind other = deck.set(random.nextInt(i + 1), deck.get(i));
      deck.set(i, other);
    }
    return deck;
  }

  private static Duration between(Duration min, Duration max, SplittableRandom random) {
    return Duration.ofMillis(random.nextLong(min.toMillis(), max.toMillis() + 1));
  }
}
