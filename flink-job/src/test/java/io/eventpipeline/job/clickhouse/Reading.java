package io.eventpipeline.job.clickhouse;

import java.nio.charset.StandardCharsets;

/** A row of the tests' own table; flat and serialisable. */
public record Reading(String id, long atMillis, long value, String json) {
  static final String COLUMNS =
      "id String, at DateTime64(3, 'UTC'), value UInt8, data JSON,"
          + " _commit_id LowCardinality(String), _row_no UInt32,"
          + " INDEX c _commit_id TYPE minmax GRANULARITY 1";

  /** 20 November 2026. */
  static final long NOVEMBER = 1_795_132_800_000L;

  static Reading of(int number) {
    return new Reading("id-" + number, NOVEMBER + number, number % 200, "{\"n\":" + number + "}");
  }

  /** The same, so many months earlier. */
  static Reading of(int number, int monthsBack) {
    long at = NOVEMBER - monthsBack * 31L * 86_400_000L + number % 1_000_000;
    return new Reading("id-" + number, at, number % 200, "{\"n\":" + number + "}");
  }

  /** A row that ClickHouse refuses: its JSON is not an object. */
  static Reading bad(int number) {
    return new Reading("bad-" + number, NOVEMBER + number, 1, "[" + number + "]");
  }

  static TableMapping<Reading> mapping(String table) {
    return TableMapping.<Reading>of(table)
        .partitionByMonth("at", 3, Reading::atMillis)
        .string("id", Reading::id)
        .dateTime64("at", 3, Reading::atMillis)
        .uint8("value", row -> (int) row.value())
        .json(
            "data",
            (row, out) -> {
              byte[] json = row.json().getBytes(StandardCharsets.UTF_8);
              out.bytes(json, 0, json.length);
            })
        .build();
  }
}
