package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events that the job's validate step takes in a second of one core, beside the parsing of their
 * data alone, which every validation needs: CPU time of the thread, the two take turns, the median
 * round of each counts. {@code [events] [rounds]}, default 200,000 and 7.
 *
 * <p>The events are {@link #DIFFERENT} that differ in every field, in currencies all that there
 * are, more evenly than any shop has them: what remembers texts that it has seen gets little help.
 */
public final class ValidateBenchmark {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final int DIFFERENT = 5_000;

  private static final String DATA =
      """
      {"sku":"SKU-%05d","product_name":"Trail running shoe %d with a name of usual length",\
      "category":"shoes/running/trail-%d","variant":"blue/%d","quantity":%d,"unit_price":%d.%02d,\
      "currency":"%s","list":"search-%d","attributes":{"query":"trail shoe %d","position":"%d",\
      "experiment":"checkout-%d","in_stock":%b,"gift":%b,"campaign":"autumn-sale-%d"}}""";

  private ValidateBenchmark() {}

  @FunctionalInterface
  private interface Work {
    void once(Event event) throws Exception;
  }

  /** The same in every run. */
  private static List<Event> events() {
    Random random = new Random(20_261_121);
    List<String> currencies =
        Currency.getAvailableCurrencies().stream().map(Currency::getCurrencyCode).sorted().toList();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < DIFFERENT; i++) {
      String data =
          DATA.formatted(
              random.nextInt(100_000),
              random.nextInt(10_000),
              random.nextInt(500),
              random.nextInt(100),
              1 + random.nextInt(1_000),
              random.nextInt(2_000),
              random.nextInt(100),
              currencies.get(random.nextInt(currencies.size())),
              random.nextInt(50),
              random.nextInt(10_000),
              random.nextInt(100),
              random.nextInt(10),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextInt(20));
      events.add(
          TestEvents.event(
              TestEvents.envelope("i" + i, "cart.item_added", "s", TestEvents.RECEIVED, data)));
    }
    return events;
  }

  public static void main(String[] args) throws Exception {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    List<Event> different = events();
    System.out.println("load at the start: " + Files.readString(Path.of("/proc/loadavg")).strip());
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<String, Event, CartEvent>(
            new ValidateOperator(new FileSchemas(), TestEvents.registryConfig(), TestEvents.CLOCK),
            EventKeys::group,
            Types.STRING)) {
      harness.open();
      for (Event event : different) {
        harness.processElement(new StreamRecord<>(event));
      }
      if (harness.extractOutputValues().size() != different.size()) {
        throw new IllegalStateException("some of the events are refused");
      }
      harness.getOutput().clear();
      StreamRecord<Event> record = new StreamRecord<>(null);
      Work validate =
          event -> {
            harness.processElement(record.replace(event));
            harness.getOutput().clear();
          };
      Work parse = event -> JSON.readTree(event.payload(), event.dataStart(), event.dataLength());
      double[] validated = new double[rounds];
      double[] parsed = new double[rounds];
      for (int round = -3; round < rounds; round++) { // three to warm up
        double a = rate(events, different, parse);
        double b = rate(events, different, validate);
        if (round >= 0) {
          parsed[round] = a;
          validated[round] = b;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%d different events, about %d bytes of data each: validate step %,.0f events/s of one"
              + " core, their JSON parse alone %,.0f/s: %.2f%n",
          different.size(),
          different.get(0).dataLength(),
          median(validated),
          median(parsed),
          median(validated) / median(parsed));
    }
  }

  private static double rate(int events, List<Event> different, Work work) throws Exception {
    long start = THREAD.getCurrentThreadCpuTime();
    for (int i = 0; i < events; i++) {
      work.once(different.get(i % different.size()));
    }
    return events / ((THREAD.getCurrentThreadCpuTime() - start) / 1e9);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
