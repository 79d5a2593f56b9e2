package io.eventpipeline.launcher;

import com.github.f4b6a3.uuid.UuidCreator;
import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.RunningStack;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code latency [--samples N] [--within D]}: one event at a time, from before its POST until the
 * analyst reads its row. A row that is there but not enriched is a failure, as is one that does not
 * come, and a median above D.
 */
final class LatencyCommand {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** {@code u-42} and {@code store-1} of the demo data. */
  private static final String EVENT =
      """
      {"type":"cart.item_added","id":"%s","userid":"u-42","sessionid":"latency-%s","cartid":"c-7",\
      "data":{"sku":"SKU-1","quantity":2,"unit_price":19.90,"currency":"EUR"}}""";

  /** One row of tab-separated columns: what the enrichment must have filled. */
  private static final String QUERY =
      "SELECT user_segment != '', store_time_zone, session_event_index, toFloat64(line_amount)"
          + " FROM events_processed WHERE event_id = '%s'";

  private static final String ENRICHED = "1\tEurope/Berlin\t1\t39.8";

  private final int samples;
  private final Optional<Duration> within;

  private LatencyCommand(int samples, Optional<Duration> within) {
    this.samples = samples;
    this.within = within;
  }

  static LatencyCommand parse(List<String> args) {
    Options options = Options.parse("latency", args, Set.of(), Set.of("--samples", "--within"));
    if (!options.positionals().isEmpty()) {
      throw new UsageException("latency takes no arguments");
    }
    return new LatencyCommand(
        (int) options.number("--samples", 20, 1, 100_000), options.duration("--within"));
  }

  int run(RunningStack stack, PrintStream out) throws InterruptedException {
    Analyst analyst = new Analyst(stack.clickhouse());
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<Double> millis = new ArrayList<>();
    try {
      for (int i = 1; i <= samples; i++) {
        String id = UuidCreator.getTimeOrderedEpoch().toString();
        long begin = System.nanoTime();
        post(stack, http, id);
        awaitRow(analyst, id, begin);
        millis.add((System.nanoTime() - begin) / 1e6);
        out.printf(Locale.ROOT, "%3d  %s  %7.0f ms%n", i, id, millis.get(i - 1));
      }
    } catch (IOException e) {
      throw new CommandException("the stack stopped answering: " + e, e);
    }
    millis.sort(null);
    out.printf(
        Locale.ROOT,
        "POST to enriched row, %d samples: min %.0f  median %.0f  p95 %.0f  max %.0f ms%n",
        samples,
        millis.get(0),
        quantile(millis, 0.5),
        quantile(millis, 0.95),
        millis.get(samples - 1));
    if (within.isPresent() && quantile(millis, 0.5) > within.get().toNanos() / 1e6) {
      throw new CommandException("the median is above the " + within.get() + " of --within");
    }
    return 0;
  }

  /** The smallest value that at least {@code share} of the sorted values do not exceed. */
  static double quantile(List<Double> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  private static void post(RunningStack stack, HttpClient http, String id)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(stack.edge().resolve("/v1/events"))
            .header("Authorization", "Bearer " + LocalAccess.WRITE_KEYS.get(0))
            .header("Content-Type", "application/json")
            .timeout(LIMIT)
            .POST(BodyPublishers.ofString(EVENT.formatted(id, id)))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 202) {
      throw new CommandException(
          "event "
              + id
              + " was not accepted: HTTP "
              + response.statusCode()
              + " "
              + response.body().strip());
    }
  }

  private static void awaitRow(Analyst analyst, String id, long begin)
      throws IOException, InterruptedException {
    while (System.nanoTime() - begin < LIMIT.toNanos()) {
      String row = analyst.ask(QUERY.formatted(id)).strip();
      if (row.equals(ENRICHED)) {
        return;
      }
      if (!row.isEmpty()) {
        throw new CommandException("event " + id + " is not enriched as it should be: " + row);
      }
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    }
    throw new CommandException(
        "event " + id + " is not in events_processed after " + LIMIT.toSeconds() + " s");
  }
}
