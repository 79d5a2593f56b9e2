package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events that the job's validate step takes in a second of one core, beside the parsing of their
 * data alone, which every validation needs: CPU time of the thread, the two take turns, the median
 * round of each counts. {@code [events] [rounds]}, default 200,000 and 7.
 */
public final class ValidateBenchmark {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final String DATA =
      """
      {"sku":"SKU-10042","product_name":"Trail running shoe with a name of usual length",\
      "category":"shoes/running/trail","variant":"blue/42","quantity":2,"unit_price":89.95,\
      "currency":"EUR","list":"search","attributes":{"query":"trail shoe","position":"3",\
      "experiment":"checkout-b","in_stock":true,"gift":false,"campaign":"autumn-sale"}}""";

  private ValidateBenchmark() {}

  @FunctionalInterface
  private interface Work {
    void once() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    Event event =
        TestEvents.event(
            TestEvents.envelope("i", "cart.item_added", "s", TestEvents.RECEIVED, DATA));
    StreamRecord<Event> record = new StreamRecord<>(event);
    System.out.println("load at the start: " + Files.readString(Path.of("/proc/loadavg")).strip());
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<String, Event, CartEvent>(
            new ValidateOperator(new FileSchemas(), TestEvents.registryConfig(), TestEvents.CLOCK),
            EventKeys::group,
            Types.STRING)) {
      harness.open();
      harness.processElement(record);
      if (harness.extractOutputValues().size() != 1) {
        throw new IllegalStateException("the event is refused: " + harness.getOutput());
      }
      Work validate =
          () -> {
            harness.processElement(record);
            harness.getOutput().clear();
          };
      Work parse = () -> JSON.readTree(event.payload(), event.dataStart(), event.dataLength());
      double[] validated = new double[rounds];
      double[] parsed = new double[rounds];
      for (int round = -3; round < rounds; round++) { // three to warm up
        double a = rate(events, parse);
        double b = rate(events, validate);
        if (round >= 0) {
          parsed[round] = a;
          validated[round] = b;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%d bytes of data: validate step %,.0f events/s of one core, its JSON parse alone %,.0f/s:"
              + " %.2f%n",
          event.dataLength(),
          median(validated),
          median(parsed),
          median(validated) / median(parsed));
    }
  }

  private static double rate(int events, Work work) throws Exception {
    long start = THREAD.getCurrentThreadCpuTime();
    for (int i = 0; i < events; i++) {
      work.once();
    }
    return events / ((THREAD.getCurrentThreadCpuTime() - start) / 1e9);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
