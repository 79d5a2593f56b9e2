package io.eventpipeline.schema;

import io.eventpipeline.schema.migration.Migration;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints how many events of 300 bytes are parsed, validated, both, read as the newest version, and
 * upcast to it, in a second of one core: CPU time of the thread, so that a busy machine matters
 * less. No test: a number for people.
 */
final class ValidateThroughput {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final int EVENTS = 200_000;
  private static final int ROUNDS = 6;

  private ValidateThroughput() {}

  public static void main(String[] args) throws Exception {
    CompiledSchema schema =
        CompiledSchema.compile(
            1, "cart.item_added", 1, ShippedSchemasTest.document("cart.item_added"));
    byte[] data =
        """
        {"sku":"SKU-10042","product_name":"Trail running shoe with a name of usual length",\
        "category":"shoes/running/trail","variant":"blue/42","quantity":2,"unit_price":89.95,\
        "currency":"EUR","list":"search","attributes":{"query":"trail shoe","position":"3",\
        "experiment":"checkout-b","in_stock":true,"gift":false,"campaign":"autumn-sale"}}"""
            .getBytes(StandardCharsets.UTF_8);
    JsonNode parsed = JSON.readTree(data);
    Reading newest = Reading.plain(schema);
    Migration migration = Migration.compile("$merge([$, {\"list\": \"from-\" & list}])");
    Reading older = Reading.upcasting(schema, List.of(migration), schema);
    System.out.printf("%d bytes, %s%n", data.length, schema.validate(parsed));
    for (int round = 1; round <= ROUNDS; round++) {
      System.out.printf(
          "round %d: parse %,d/s, validate %,d/s, both %,d/s, read %,d/s, upcast %,d/s%n",
          round,
          rate(data, bytes -> JSON.readTree(bytes).size()),
          rate(data, bytes -> schema.validate(parsed).size()),
          rate(data, bytes -> schema.validate(JSON.readTree(bytes)).size()),
          rate(data, bytes -> newest.read(parsed).data().size()),
          rate(data, bytes -> older.read(parsed).data().size()));
    }
  }

  private static long rate(byte[] data, ToIntFunction<byte[]> work) {
    long start = THREAD.getCurrentThreadCpuTime();
    long sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      sum += work.applyAsInt(data);
    }
    double seconds = (THREAD.getCurrentThreadCpuTime() - start) / 1e9;
    return sum < 0 ? 0 : Math.round(EVENTS / seconds);
  }
}
