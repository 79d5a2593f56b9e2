package io.eventpipeline.job.kafka;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the records of the running transaction came from. Not thread-safe. */
final class SourceSpan {
  private static final long NONE = -1;

  private long[] first = {};
  private long[] last = {};
  private long records;

  void add(int partition, long offset) {
    records++;
    if (partition < 0) {
      return;
    }
    if (partition >= first.length) {
      grow(partition + 1);
    }
    if (first[partition] == NONE || offset < first[partition]) {
      first[partition] = offset;
    }
    last[partition] = Math.max(last[partition], offset);
  }

  private void grow(int partitions) {
    int before = first.length;
    first = Arrays.copyOf(first, partitions);
    last = Arrays.copyOf(last, partitions);
    Arrays.fill(first, before, partitions, NONE);
    Arrays.fill(last, before, partitions, NONE);
  }

  long records() {
    return records;
  }

  List<Offsets> offsets() {
    List<Offsets> offsets = new ArrayList<>();
    for (int partition = 0; partition < first.length; partition++) {
      if (first[partition] != NONE) {
        offsets.add(new Offsets(partition, first[partition], last[partition]));
      }
    }
    return offsets;
  }

  void clear() {
    Arrays.fill(first, NONE);
    Arrays.fill(last, NONE);
    records = 0;
  }
}
