package io.eventpipeline.launcher.load;

import io.eventpipeline.contract.FailureReason;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Everything that is sent in one run, in order, with what must become of it in the {@link Ledger}.
 *
 * <p>Many visits are interleaved; the events of one visit are in order and take one way in. Of all
 * sends {@link #DUPLICATES} repeat an earlier one byte for byte, soon or much later and over any
 * way in; {@link #INVALID} break their schema; {@link #UNKNOWN} name a type or version that does
 * not exist; {@link #NAMELESS} leave their id to the edge. One visit in a hundred was offline and
 * arrives hours late.
 *
 * <p>The same seed, source and start give the same sends. One thread.
 */
final class Generator {
  static final double DUPLICATES = 0.05;
  static final double INVALID = 0.02;
  static final double UNKNOWN = 0.01;
  static final double NAMELESS = 0.005;
  static final double LATE_VISITS = 0.01;

  /** Users that the demo data of the local stack knows: u-1 to u-10000. */
  private static final int USERS = 10_000;

  private static final int VISITS_AT_ONCE_MAX = 1_000;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int SOON_SENDS = 50;
  private static final int LATER_SENDS = 5_000;
  private static final int MUCH_LATER_SENDS = 50_000;

  /** A way into the edge, with the share of the visits that take it, in percent. */
  enum Way {
    STREAM(55),
    BATCH(44),
    SINGLE(1);

    private final int share;

    Way(int share) {
      this.share = share;
    }

    private static Way draw(SplittableRandom random) {
      int dice = random.nextInt(100);
      return dice < STREAM.share ? STREAM : dice < STREAM.share + BATCH.share ? BATCH : SINGLE;
    }
  }

  /**
   * One event to send.
   *
   * @param outgoing its number and bytes
   * @param store index of the store whose key it is sent with
   * @param way which way in it takes
   * @param visit number of its visit, whose events stay on one connection
   */
  record Send(Outgoing outgoing, int store, Way way, int visit) {}

  private record Repetition(long due, int event, byte[] body, int store, int visit) {}

  private final Ledger ledger;
  private final String source;
  private final List<Target.StoreKey> stores;
  private final long sends;
  private final long startMillis;
  private final double millisPerSend;
  private final SplittableRandom random;
  private final Catalog catalog;
  private final Flaws flaws;
  private final Session[] visits;
  private final JsonLine line = new JsonLine();
  private final Deque<Send> prepared = new ArrayDeque<>();
  private final PriorityQueue<Repetition> repetitions =
      new PriorityQueue<>(
          Comparator.comparingLong(Repetition::due).thenComparingInt(Repetition::event));
  private long sent;
  private int visitsStarted;

  /**
   * A run that has not begun.
   *
   * @param ledger where each event is registered; must be new and take {@code sends} events
   * @param source of every event; unique to this run
   * @param sends how many, repetitions included
   * @param startMillis when the run begins, milliseconds since the epoch
   * @param rate sends in a second that are aimed at, for the events' own times
   */
  Generator(
      Ledger ledger,
      String source,
      List<Target.StoreKey> stores,
      long sends,
      long startMillis,
      double rate,
      long seed) {
    this.ledger = ledger;
    this.source = source;
    this.stores = stores;
    this.sends = sends;
    this.startMillis = startMillis;
    this.millisPerSend = 1_000 / rate;
    this.random = new SplittableRandom(seed);
    this.catalog = new Catalog(random.split());
    this.flaws = new Flaws(random.split());
    this.visits = new Session[(int) Math.max(5, Math.min(VISITS_AT_ONCE_MAX, sends / 50))];
  }

  /** Makes up to {@code count} sends now, so that they need only be taken later. */
  void prepare(int count) {
    while (prepared.size() < count && sent < sends) {
      prepared.add(make());
    }
  }

  /** The next send; null when all were given. */
  Send next() {
    Send first = prepared();
    return first != null || sent == sends ? first : make();
  }

  /** The next send that is made already; null when there is none. */
  Send prepared() {
    return prepared.poll();
  }

  private Send make() {
    Repetition repetition = repetitions.peek();
    boolean due = repetition != null && repetition.due() <= sent;
    boolean lastChance = repetition != null && repetitions.size() >= sends - sent;
    Send send = due || lastChance ? repeat(repetitions.remove()) : fresh();
    sent++;
    return send;
  }

  private Send repeat(Repetition repetition) {
    Outgoing outgoing = new Outgoing(repetition.event(), repetition.body());
    return new Send(outgoing, repetition.store(), Way.draw(random), repetition.visit());
  }

  private Send fresh() {
    int place = random.nextInt(visits.length);
    if (visits[place] == null || !visits[place].advance()) {
      visits[place] = visit();
      visits[place].advance();
    }
    Session visit = visits[place];
    boolean named = random.nextDouble() >= NAMELESS / (1 - DUPLICATES);
    Flaws.Flaw flaw = flaws.draw(INVALID / (1 - DUPLICATES), UNKNOWN / (1 - DUPLICATES));
    byte[] body = render(visit, flaw, named);
    int event =
        ledger.register(
            reason(flaw),
            visit.store(),
            flaws.type(flaw, visit.type()),
            named,
            Envelope.checksum(body));
    if (named && random.nextDouble() < DUPLICATES / (1 - DUPLICATES)) {
      repetitions.add(new Repetition(sent + delay(), event, body, visit.store(), visit.number()));
    }
    return new Send(new Outgoing(event, body), visit.store(), visit.way(), visit.number());
  }

  private static Optional<FailureReason> reason(Flaws.Flaw flaw) {
    return Optional.ofNullable(flaw.reason());
  }

  private Session visit() {
    int number = ++visitsStarted;
    int store = store();
    long endMillis = startMillis + (long) (sent * millisPerSend);
    if (random.nextDouble() < LATE_VISITS) {
      endMillis -= HOUR_MILLIS + random.nextLong(11 * HOUR_MILLIS);
    }
    int dice = random.nextInt(100);
    String user =
        dice < 92 ? "u-" + (1 + random.nextInt(USERS)) : dice < 96 ? "guest-" + number : "";
    String currency = stores.get(store).currency();
    return new Session(
        number, store, currency, user, Way.draw(random), endMillis, catalog, random.split());
  }

  /** The first store is the busiest, each further one a little less. */
  private int store() {
    int total = stores.size() * (stores.size() + 3) / 2;
    int dice = random.nextInt(total);
    for (int i = 0; i < stores.size(); i++) {
      dice -= stores.size() + 1 - i;
      if (dice < 0) {
        return i;
      }
    }
    throw new IllegalStateException("the shares of the stores do not add up");
  }

  private int delay() {
    int dice = random.nextInt(100);
    return 1 + random.nextInt(dice < 50 ? SOON_SENDS : dice < 90 ? LATER_SENDS : MUCH_LATER_SENDS);
  }

  private byte[] render(Session visit, Flaws.Flaw flaw, boolean named) {
    EventType type = flaws.type(flaw, visit.type());
    line.clear();
    line.beginObject().text("type", type.code());
    if (named) {
      line.text("id", Ledger.ID_PREFIX, ledger.events())
          .text("specversion", "1.0")
          .time("time", visit.timeMillis())
          .text("storeid", stores.get(visit.store()).store());
    }
    line.text("source", source);
    flaws.writeSchema(line, flaw, type, visit.number());
    if (!visit.user().isEmpty()) {
      line.text("userid", visit.user());
    }
    line.text("sessionid", "s-", visit.number()).text("cartid", "c-", visit.number());
    flaws.writeData(line, flaw, visit);
    return line.endObject().toBytes();
  }
}
