package io.eventpipeline.job.clickhouse;

import io.eventpipeline.config.Secret;
import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A server in memory that fails as told; it parses what it is sent. Not thread-safe. */
final class FakeServer implements Server {
  /** Of a sink in front of it, which tries again soon and sets three rows of a block aside. */
  static final ClickHouseConfig CONFIG =
      new ClickHouseConfig(
          "http://fake",
          "u",
          new Secret("p"),
          "events",
          1000,
          1 << 20,
          1 << 20,
          1,
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          3);

  /** How an insert goes wrong. */
  enum Fault {
    NONE,
    /** Nothing is written, the answer says so. */
    REFUSED,
    /** Everything is written, the answer is lost. */
    ANSWER_LOST,
    /** The first half is written, then the server dies. */
    HALF,
    /** A column is gone. */
    FATAL,
    /** A code that nobody has seen before. */
    UNKNOWN
  }

  final Deque<Fault> faults = new ArrayDeque<>();
  final List<String> calls = new ArrayList<>();
  final Set<Integer> badRows = new HashSet<>();
  final List<Integer> rows = new ArrayList<>();

  /** Rows whose key another row has. */
  final BitSet replaced = new BitSet();

  /** Runs on the thread that inserts. */
  Runnable duringInsert = () -> {};

  /** As ClickHouse it says "written" to one that it has seen, and writes nothing. */
  private final Set<String> tokens = new HashSet<>();

  private long fence;

  @Override
  public void insert(Block block, String token, long epoch, byte[] body, int count)
      throws BlockFailure {
    calls.add("insert " + count);
    duringInsert.run();
    List<Integer> sent = rowNumbers(block, body);
    Fault fault = faults.isEmpty() ? Fault.NONE : faults.poll();
    switch (fault) {
      case REFUSED -> throw new BlockFailure(ErrorClass.RETRY, 252, "too many parts", null);
      case FATAL -> throw new BlockFailure(ErrorClass.STOP, 16, "no such column", null);
      case UNKNOWN -> throw new BlockFailure(ErrorClass.RESTART, 1234, "new code", null);
      case HALF -> {
        tokens.add(token);
        rows.addAll(sent.subList(0, sent.size() / 2));
        throw new BlockFailure(ErrorClass.RETRY, 0, "connection reset", null);
      }
      case ANSWER_LOST -> {
        tokens.add(token);
        rows.addAll(sent);
        throw new BlockFailure(ErrorClass.RETRY, 0, "timeout", null);
      }
      case NONE -> {
        if (sent.stream().anyMatch(badRows::contains)) {
          throw new BlockFailure(ErrorClass.DATA, 117, "bad row", null);
        }
        if (epoch < fence) {
          throw new BlockFailure(ErrorClass.RETRY, 0, "fenced", null);
        }
        if (tokens.add(token)) {
          rows.addAll(sent);
        }
      }
    }
  }

  @Override
  public void insertAside(Block aside, Block of, String token, long epoch) throws BlockFailure {
    calls.add("aside " + aside.commitId());
    if (epoch < fence) {
      throw new BlockFailure(ErrorClass.RETRY, 0, "fenced", null);
    }
  }

  private static List<Integer> rowNumbers(Block block, byte[] body) {
    // Rows of the tests' blocks end with their number; their lengths are those of the block
    BlockRows all = block.open();
    int bytes = 0;
    List<Integer> numbers = new ArrayList<>();
    byte[] raw = ZstdBytes.all(body);
    while (bytes < raw.length) {
      for (int row = 0; row < block.rows(); row++) {
        byte[] candidate = all.row(row);
        int end = bytes + candidate.length;
        if (end <= raw.length
            && java.util.Arrays.equals(raw, bytes, end, candidate, 0, candidate.length)) {
          numbers.add(row);
          bytes = end;
        }
      }
    }
    return numbers;
  }

  @Override
  public long fence(Block block, long last) {
    calls.add("fence");
    fence++;
    return fence;
  }

  @Override
  public BitSet replaced(Block block, BlockRows all, BitSet missing) {
    BitSet found = (BitSet) missing.clone();
    found.and(replaced);
    return found;
  }

  @Override
  public List<String> commits(String table, String prefix) {
    return List.of();
  }

  @Override
  public void kill(Block block) {
    calls.add("kill");
  }

  @Override
  public Landed landed(Block block) {
    calls.add("count");
    BitSet there = new BitSet();
    AtomicInteger copies = new AtomicInteger();
    rows.forEach(
        row -> {
          if (there.get(row)) {
            copies.incrementAndGet();
          }
          there.set(row);
        });
    return new Landed(there, copies.get());
  }

  @Override
  public List<BlockColumn> columns(String table) {
    return Blocks.COLUMNS;
  }

  @Override
  public TableLayout layout(String table) {
    return new TableLayout(
        "MergeTree", "MergeTree ORDER BY id", "toYYYYMM(at)", "id", List.of("id"));
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
