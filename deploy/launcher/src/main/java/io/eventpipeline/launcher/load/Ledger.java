package io.eventpipeline.launcher.load;

import io.eventpipeline.contract.FailureReason;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What this side knows of every event: what must become of it, how often it was tried and how often
 * the edge said "accepted".
 *
 * <p>Events have numbers, counted from 0, and the id of event {@code n} is {@code e-n}: no map from
 * id to event is needed, and a million events cost 18 MB. Only ids that the edge gave (0.5 % of the
 * events leave theirs out) are kept.
 *
 * <p>One thread registers; any thread may report tries and acknowledgements of an event that was
 * handed to it after its registration.
 */
final class Ledger {
  static final String ID_PREFIX = "e-";
  private static final int ACKNOWLEDGED = 1 << 16;
  private static final int ATTEMPTS_MASK = ACKNOWLEDGED - 1;

  private FailureReason[] expectations = new FailureReason[1 << 12];
  private byte[] stores = new byte[1 << 12];
  private EventType[] types = new EventType[1 << 12];
  private boolean[] nameless = new boolean[1 << 12];
  private int[] checksums = new int[1 << 12];
  private int events;

  /** Upper half acknowledgements, lower half tries. */
  private final AtomicIntegerArray exchanges;

  private final Map<String, Integer> assignedIds = new ConcurrentHashMap<>();

  /**
   * A ledger of nothing.
   *
   * @param eventsMax most events that will be registered
   */
  Ledger(int eventsMax) {
    exchanges = new AtomicIntegerArray(eventsMax);
  }

  /** The id that event {@code event} carries. */
  static String id(int event) {
    return ID_PREFIX + event;
  }

  /**
   * Adds an event and gives it the next number.
   *
   * @param expectation the reason it must be refused for; empty = it must be processed
   * @param store index of the store that sends it
   * @param type the one it names
   * @param carriesId whether it carries its own id; if not, the edge gives one
   * @param checksum of its bytes, see {@link Envelope#checksum}
   * @return its number
   */
  int register(
      Optional<FailureReason> expectation,
      int store,
      EventType type,
      boolean carriesId,
      int checksum) {
    if (events == expectations.length) {
      int length = events * 2;
      expectations = Arrays.copyOf(expectations, length);
      stores = Arrays.copyOf(stores, length);
      types = Arrays.copyOf(types, length);
      nameless = Arrays.copyOf(nameless, length);
      checksums = Arrays.copyOf(checksums, length);
    }
    expectations[events] = expectation.orElse(null);
    stores[events] = (byte) store;
    types[events] = type;
    nameless[events] = !carriesId;
    checksums[events] = checksum;
    return events++;
  }

  /** How many events are registered. */
  int events() {
    return events;
  }

  /** Reports that {@code event} is about to be sent. */
  void attempted(int event) {
    exchanges.incrementAndGet(event);
  }

  /** Reports that the edge accepted {@code event} under {@code id}. */
  void acknowledged(int event, String id) {
    exchanges.addAndGet(event, ACKNOWLEDGED);
    if (!id.equals(id(event))) {
      assignedIds.put(id, event);
    }
  }

  /** How often {@code event} was sent, answered or not. */
  int attempts(int event) {
    return exchanges.get(event) & ATTEMPTS_MASK;
  }

  /** How often the edge accepted {@code event}. */
  int acknowledgements(int event) {
    return exchanges.get(event) >>> 16;
  }

  /** The number of the event with this id, or -1 when nothing was sent or learnt under it. */
  int find(String id) {
    if (!id.startsWith(ID_PREFIX)) {
      return assignedIds.getOrDefault(id, -1);
    }
    try {
      int event = Integer.parseInt(id, ID_PREFIX.length(), id.length(), 10);
      boolean sent = event >= 0 && event < events && !nameless[event] && attempts(event) > 0;
      return sent ? event : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The reason {@code event} must be refused for; empty = it must be processed. */
  Optional<FailureReason> expectation(int event) {
    return Optional.ofNullable(expectations[event]);
  }

  /** Whether {@code event} left its id to the edge. */
  boolean isNameless(int event) {
    return nameless[event];
  }

  /** Index of the store that sends {@code event}. */
  int store(int event) {
    return stores[event];
  }

  /** Type of {@code event}. */
  EventType type(int event) {
    return types[event];
  }

  /** Checksum of the bytes of {@code event}, see {@link Envelope#checksum}. */
  int checksum(int event) {
    return checksums[event];
  }
}
