package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

class StateOptionsTest {
  /** So little that the whole filter of {@link #IDENTITIES} does not stay in the cache. */
  private static final long MANAGED_BYTES = 1L << 20;

  private static final int IDENTITIES = 200_000;
  private static final int PROBES = 2_000;
  private static final int FILTER_BITS = 10;

  /** So little that nothing is certainly new, and RocksDB is asked every time. */
  private static final int NO_HELP = 1 << 10;

  private static final int HELP = 1 << 20;

  /** As {@link StateOptions}, and RocksDB counts. */
  public static final class Counting extends StateOptions {
    private static final long serialVersionUID = 1L;
    private static final Statistics STATISTICS = new Statistics();

    @Override
    public DBOptions createDBOptions(DBOptions options, Collection<AutoCloseable> handles) {
      return super.createDBOptions(options, handles).setStatistics(STATISTICS);
    }
  }

  @Test
  void readsAPartOfAFilterForANewIdentityAndNotTheWhole(@TempDir Path directory) throws Exception {
    try (var dedup = new DedupOnDisk(Counting.class, MANAGED_BYTES, NO_HELP, directory)) {
      for (int i = 0; i < IDENTITIES; i++) {
        dedup.send(id(i));
      }
      dedup.checkpoint();
      long before = filterBytes();
      for (int i = IDENTITIES; i < IDENTITIES + PROBES; i++) {
        dedup.send(id(i));
      }

      assertThat((filterBytes() - before) / PROBES)
          .as("bytes of filters read for a new identity")
          .isLessThan(IDENTITIES * FILTER_BITS / Byte.SIZE / 4);
    }
  }

  @Test
  void readsNothingForMostNewIdentities(@TempDir Path directory) throws Exception {
    try (var dedup = new DedupOnDisk(Counting.class, MANAGED_BYTES, HELP, directory)) {
      long before = keysRead();
      for (int i = 0; i < PROBES; i++) {
        dedup.send(id(i));
      }

      assertThat(keysRead() - before).as("looked up in vain").isLessThan(PROBES / 50);
    }
  }

  @Test
  void compressesEveryLevelWithLz4WhateverFlinkHasSet() {
    RocksDB.loadLibrary();
    try (var options =
        new ColumnFamilyOptions()
            .setCompressionPerLevel(List.of(CompressionType.SNAPPY_COMPRESSION))) {
      assertThat(new StateOptions().createColumnOptions(options, new ArrayList<>()))
          .extracting(ColumnFamilyOptions::compressionPerLevel)
          .isEqualTo(List.of(CompressionType.LZ4_COMPRESSION));
    }
  }

  /** Scattered: RocksDB passes over a file without its filter when the key is beyond its last. */
  private static String id(int i) {
    return Long.toHexString(i * 0x9E37_79B9_7F4A_7C15L);
  }

  private static long keysRead() {
    return Counting.STATISTICS.getTickerCount(TickerType.NUMBER_KEYS_READ);
  }

  private static long filterBytes() {
    return Counting.STATISTICS.getTickerCount(TickerType.BLOCK_CACHE_FILTER_BYTES_INSERT);
  }
}
