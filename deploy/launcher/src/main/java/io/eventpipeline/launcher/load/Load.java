package io.eventpipeline.launcher.load;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * One run: sends shopping sessions over all ways in, waits until the pipeline is empty, and proves
 * by id that every acknowledged event is exactly once where it belongs.
 *
 * <p>{@link #prepare}, {@link #start}, {@link #awaitSent}, {@link #drain}, {@link #judge}, in this
 * order and by one thread; only {@link #finish} may come from another. Components may be killed
 * meanwhile: what is not answered is sent again, what does not answer is asked again. Only when
 * nothing at all moves for {@link #STALL} does the run give up, and then it still reports what is
 * missing.
 */
public final class Load implements AutoCloseable {
  /** Longer than a restart of any component, with its recovery. */
  static final Duration STALL = Duration.ofMinutes(2);

  /** A second copy would come with a checkpoint (every second) or a recovery that just ended. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration LOOK_SENDING = Duration.ofSeconds(1);

  /** Two hundredths of a run that lasts ten seconds; each look costs what it asks. */
  private static final Duration LOOK_DRAINING = Duration.ofMillis(250);

  /** Share of the events from which on the last one may be the next. */
  private static final double NEARLY_ALL = 0.9;

  /** 250,000 events of 600 bytes = 150 MB, of a heap of 1 GB. */
  private static final int PREPARED_MAX = 250_000;

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int NOMINAL_RATE = 50_000;

  private final LoadOptions options;
  private final PrintStream out;
  private final String source;
  private final Warehouse warehouse;
  private final Collector collector;
  private final Lag lag;
  private final Ledger ledger;
  private final Traffic traffic;
  private final Senders senders;
  private final Generator generator;
  private final Monitor monitor;
  private long startNanos;
  private Duration cpuBefore = Duration.ZERO;
  private Duration sending = Duration.ZERO;
  private Optional<Report.Arrival> arrival = Optional.empty();

  private Load(
      Target target, HttpClient http, LoadOptions options, PrintStream out, Manner manner) {
    this.options = options;
    this.out = out;
    String id = Long.toString(System.currentTimeMillis(), 36) + "-" + nonce();
    this.source = "/" + manner.name() + "/" + id;
    this.warehouse = new Warehouse(http, target, source, Instant.now());
    this.collector = new Collector(target, warehouse, source, manner.closely());
    this.lag = new Lag(target.kafkaBootstrapServers(), target.consumerGroup());
    this.ledger = new Ledger(options.events());
    this.traffic = new Traffic(ledger);
    this.senders = new Senders(target, traffic, http);
    this.generator =
        new Generator(
            ledger,
            source,
            target.stores(),
            options.events(),
            System.currentTimeMillis(),
            options.rate() == 0 ? NOMINAL_RATE : options.rate(),
            options.seed());
    this.monitor = new Monitor(traffic, warehouse, lag, out, manner);
    out.printf(
        Locale.ROOT,
        "%s run %s: up to %,d events over %d connections of %d stores, seed %d%n",
        manner.name(),
        id,
        options.events(),
        senders.connections(),
        target.stores().size(),
        options.seed());
  }

  /**
   * What a run is called, how it shows how it is getting on, and how closely it is judged.
   *
   * @param name lower-case letters: part of the events' source
   * @param every between two live lines
   * @param terminal whether a live line may be overwritten
   * @param closely whether the judge also compares the data of each processed row and the order of
   *     each key's events, which takes as long again
   */
  public record Manner(String name, Duration every, boolean terminal, boolean closely) {}

  /**
   * A run that has sent nothing: the stack is ready, and it is noted where the topics end.
   *
   * @param out for the live line and the report
   * @throws CommandException when the stack does not answer
   */
  public static Load prepare(Target target, LoadOptions options, PrintStream out, Manner manner)
      throws InterruptedException {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    Readiness.await(http, target.edge());
    try {
      return new Load(target, http, options, out, manner);
    } catch (KafkaException e) {
      throw new CommandException("Kafka does not answer: " + Failures.message(e), e);
    }
  }

  /**
   * Begins to send. Without a rate the first {@value #PREPARED_MAX} sends are made before the clock
   * starts: the machine is shared, and to think of events is no work of the pipeline's.
   */
  public void start() {
    if (options.rate() == 0) {
      generator.prepare(PREPARED_MAX);
    }
    cpuBefore = cpu();
    startNanos = System.nanoTime();
    senders.start(generator, new TokenBucket(options.rate(), startNanos));
  }

  /** Generates nothing more; what was generated is still sent until it is acknowledged. */
  public void finish() {
    senders.finish();
  }

  /**
   * Returns when everything was sent and answered, or nothing moves any more.
   *
   * @throws CommandException when the edge refuses what it must take
   */
  public void awaitSent() throws InterruptedException {
    try {
      while (!senders.areDone() && !monitor.isStalled(STALL)) {
        senders.await(LOOK_SENDING);
        monitor.look();
      }
    } finally {
      senders.stop();
    }
    traffic.check();
    sending = Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Waits for the last row, and then whether more come than should. */
  public void drain() throws InterruptedException {
    long identities = 0;
    for (int event = 0; event < ledger.events(); event++) {
      identities += ledger.acknowledgements(event) > 0 ? 1 : 0;
    }
    while (true) {
      monitor.look();
      Warehouse.Counts counts = monitor.counts();
      boolean complete =
          counts.raw() >= traffic.acknowledged()
              && counts.processed() + counts.errors() >= identities;
      if (complete && arrival.isEmpty()) {
        Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
        arrival = Optional.of(new Report.Arrival(time, cpu().minus(cpuBefore)));
      }
      if ((complete && monitor.isQuiet(QUIET)) || monitor.isStalled(STALL)) {
        monitor.end();
        return;
      }
      boolean near = counts.processed() + counts.errors() >= NEARLY_ALL * identities;
      Thread.sleep((near ? LOOK_DRAINING : LOOK_SENDING).toMillis());
    }
  }

  /**
   * Reads every table and topic, holds them against what was sent, and prints the result.
   *
   * @throws CommandException when ClickHouse or Kafka do not answer for {@link #STALL}
   */
  public Verdict judge() throws InterruptedException {
    if (monitor.isStalled(STALL)) {
      out.printf(
          Locale.ROOT,
          "nothing moved for %d s%s%s%n",
          STALL.toSeconds(),
          monitor.lag().orElse(0) > 0 ? ", lag " + monitor.lag().getAsLong() : "",
          monitor.trouble().isEmpty() ? "" : ": " + monitor.trouble());
    }
    long deadline = System.nanoTime() + STALL.toNanos();
    while (true) {
      try {
        Reconciliation found = collector.collect(ledger, STALL.dividedBy(4));
        found.edgeRefusals(traffic.refusals());
        Verdict verdict = found.judge();
        new Report(out).print(ledger, traffic, found, verdict, new Report.Times(sending, arrival));
        return verdict;
      } catch (IOException | KafkaException e) {
        if (System.nanoTime() > deadline) {
          throw new CommandException("cannot reconcile: " + Failures.message(e), e);
        }
        Thread.sleep(RETRY.toMillis());
      }
    }
  }

  /** Of this run's rows; for one thread, which may be another than the run's. */
  public Freshness freshness() {
    return new Freshness(warehouse);
  }

  /** Sends that the edge accepted so far. */
  public long acknowledged() {
    return traffic.acknowledged();
  }

  /** Of this process, so far; zero where the system does not tell. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static String nonce() {
    return Integer.toString(new SecureRandom().nextInt(36 * 36 * 36), 36);
  }

  /** Stops what still sends. */
  @Override
  public void close() {
    senders.interrupt();
    lag.close();
    collector.close();
  }
}
