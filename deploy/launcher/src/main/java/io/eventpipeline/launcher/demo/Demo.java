package io.eventpipeline.launcher.demo;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
 * <p>Components may be killed meanwhile: what is not answered is sent again, what does not answer
 * is asked again. Only when nothing at all moves for {@link #STALL} does the run give up, and then
 * it still reports what is missing.
 */
public final class Demo {
  /** Longer than a restart of any component, with its recovery. */
  static final Duration STALL = Duration.ofMinutes(2);

  /** A second copy would come with a checkpoint (every second) or a recovery that just ended. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration LOOK_SENDING = Duration.ofSeconds(1);

  /** Two hundredths of a run that lasts ten seconds; each look costs what it asks. */
  private static final Duration LOOK_DRAINING = Duration.ofMillis(250);

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration READY = Duration.ofSeconds(30);
  private static final int NOMINAL_RATE = 50_000;

  private final Target target;
  private final DemoOptions options;
  private final PrintStream out;
  private final boolean terminal;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * A run that has not begun.
   *
   * @param out for the live line and the report
   * @param terminal whether {@code out} is one: then the live line is overwritten
   */
  public Demo(Target target, DemoOptions options, PrintStream out, boolean terminal) {
    this.target = target;
    this.options = options;
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Runs it; blocks until the report is printed.
   *
   * @return whether everything is exactly where it belongs
   * @throws CommandException when the stack does not answer or refuses what it must take
   */
  public boolean run() throws InterruptedException {
    awaitReady();
    String id = Long.toString(System.currentTimeMillis(), 36) + "-" + nonce();
    String source = "/demo/" + id;
    Warehouse warehouse = new Warehouse(http, target, source, Instant.now());
    try (Collector collector = new Collector(target, warehouse, source);
        Lag lag = new Lag(target.kafkaBootstrapServers(), target.consumerGroup())) {
      Ledger ledger = new Ledger(options.events());
      Traffic traffic = new Traffic(ledger);
      Senders senders = new Senders(target, traffic, http);
      out.printf(
          Locale.ROOT,
          "demo run %s: %,d events over %d connections of %d stores, seed %d%n",
          id,
          options.events(),
          senders.connections(),
          target.stores().size(),
          options.seed());
      Monitor monitor = new Monitor(traffic, warehouse, lag, out, terminal);
      Report.Times times =
          sendAndDrain(senders, generator(ledger, source), traffic, ledger, monitor);
      return reconcile(collector, ledger, traffic, monitor, times);
    } catch (KafkaException e) {
      throw new CommandException("Kafka does not answer: " + Failures.message(e), e);
    }
  }

  private Generator generator(Ledger ledger, String source) {
    return new Generator(
        ledger,
        source,
        target.stores(),
        options.events(),
        System.currentTimeMillis(),
        options.rate() == 0 ? NOMINAL_RATE : options.rate(),
        options.seed());
  }

  private Report.Times sendAndDrain(
      Senders senders, Generator generator, Traffic traffic, Ledger ledger, Monitor monitor)
      throws InterruptedException {
    Duration cpuBefore = cpu();
    long start = System.nanoTime();
    senders.start(generator, new TokenBucket(options.rate(), start));
    try {
      while (!senders.areDone() && !monitor.isStalled(STALL)) {
        senders.await(LOOK_SENDING);
        monitor.look();
      }
    } finally {
      senders.stop();
    }
    traffic.check();
    long sent = System.nanoTime();
    Optional<Report.Arrival> arrival = drain(ledger, traffic, monitor, start, cpuBefore);
    monitor.end();
    return new Report.Times(Duration.ofNanos(sent - start), arrival);
  }

  /** Waits for the last row, and then whether more come than should. */
  private Optional<Report.Arrival> drain(
      Ledger ledger, Traffic traffic, Monitor monitor, long start, Duration cpuBefore)
      throws InterruptedException {
    long identities = 0;
    for (int event = 0; event < ledger.events(); event++) {
      identities += ledger.acknowledgements(event) > 0 ? 1 : 0;
    }
    Optional<Report.Arrival> arrival = Optional.empty();
    while (true) {
      monitor.look();
      Warehouse.Counts counts = monitor.counts();
      boolean complete =
          counts.raw() >= traffic.acknowledged()
              && counts.processed() + counts.errors() >= identities;
      if (complete && arrival.isEmpty()) {
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        arrival = Optional.of(new Report.Arrival(time, cpu().minus(cpuBefore)));
      }
      if ((complete && monitor.isQuiet(QUIET)) || monitor.isStalled(STALL)) {
        return arrival;
      }
      Thread.sleep(LOOK_DRAINING.toMillis());
    }
  }

  private boolean reconcile(
      Collector collector, Ledger ledger, Traffic traffic, Monitor monitor, Report.Times times)
      throws InterruptedException {
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
        new Report(out).print(ledger, traffic, found, verdict, times);
        return verdict.holds();
      } catch (IOException | KafkaException e) {
        if (System.nanoTime() > deadline) {
          throw new CommandException("cannot reconcile: " + Failures.message(e), e);
        }
        Thread.sleep(RETRY.toMillis());
      }
    }
  }

  private void awaitReady() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(target.edge() + "/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long deadline = System.nanoTime() + READY.toNanos();
    while (true) {
      String why;
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return;
        }
        why = "HTTP " + response.statusCode() + " " + response.body();
      } catch (IOException e) {
        why = Failures.message(e);
      }
      if (System.nanoTime() > deadline) {
        throw new CommandException("the edge at " + target.edge() + " is not ready: " + why);
      }
      Thread.sleep(RETRY.toMillis() / 4);
    }
  }

  /** Of this process, so far; zero where the system does not tell. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static String nonce() {
    return Integer.toString(new SecureRandom().nextInt(36 * 36 * 36), 36);
  }
}
