package io.eventpipeline.job;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * New identities that the dedup step takes in a second while it remembers more and more of them:
 * RocksDB with the job's settings and the memory of a local TaskManager, flushed every {@value
 * #CHECKPOINT} events as by a checkpoint. {@code [events [filterBytes]]}, default 6,000,000 and
 * {@value #FILTER_BYTES}; with 1024 all are looked up in RocksDB, as within an hour after a
 * restart.
 *
 * <p>The ceiling is the same step while it remembers little, in the same run: the slices are of
 * equal size, and the second one counts as the ceiling since the first warms up. Fails when the
 * last falls below {@value #RATIO_MIN} of it: state that no longer fits somewhere is a cliff, not a
 * slope.
 */
public final class DedupBenchmark {
  private static final long MANAGED_BYTES = 192L << 20;
  private static final int FILTER_BYTES = 33_554_432;
  private static final int SLICE = 500_000;
  private static final int CHECKPOINT = 15_000;
  private static final double RATIO_MIN = 0.5;

  private DedupBenchmark() {}

  public static void main(String[] args) throws Exception {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 6_000_000;
    if (events < 2 * SLICE) {
      throw new IllegalArgumentException("events: at least " + 2 * SLICE + ", not " + events);
    }
    int filterBytes = args.length > 1 ? Integer.parseInt(args[1]) : FILTER_BYTES;
    Path directory = Files.createTempDirectory("dedup-benchmark");
    double ratio;
    try (var dedup = new DedupOnDisk(StateOptions.class, MANAGED_BYTES, filterBytes, directory)) {
      ratio = lastBesideCeiling(dedup, events);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
    System.out.printf(Locale.ROOT, "last slice / second slice: %.2f%n", ratio);
    if (ratio < RATIO_MIN) {
      System.exit(1);
    }
  }

  private static double lastBesideCeiling(DedupOnDisk dedup, int events) throws Exception {
    Random random = new Random(20_261_122);
    double ceiling = 0;
    double rate = 0;
    for (int slice = 0; slice < events / SLICE; slice++) {
      long start = System.nanoTime();
      for (int i = 1; i <= SLICE; i++) {
        dedup.send(new UUID(random.nextLong(), random.nextLong()).toString());
        if (i % CHECKPOINT == 0) {
          dedup.checkpoint();
        }
      }
      rate = SLICE / ((System.nanoTime() - start) / 1e9);
      ceiling = slice == 1 ? rate : ceiling;
      System.out.printf(
          Locale.ROOT, "%,10d remembered: %,.0f events/s%n", (slice + 1L) * SLICE, rate);
    }
    return rate / ceiling;
  }
}
