package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose inserts are watched, and some of whose answers get lost. */
final class WatchedServer implements Server {
  private final Server server;
  private final Watch watch;

  WatchedServer(Server server, Watch watch) {
    this.server = server;
    this.watch = watch;
  }

  @Override
  public void insert(Block block, String token, long epoch, byte[] body, int rows)
      throws BlockFailure, InterruptedException {
    watch.inserts.incrementAndGet();
    watch.inserting.incrementAndGet();
    try {
      server.insert(block, token, epoch, body, rows);
    } finally {
      watch.inserting.decrementAndGet();
    }
    watch.landed.incrementAndGet();
    if (watch.losesAnswer()) {
      throw new BlockFailure(ErrorClass.RETRY, 0, "answer lost", null);
    }
  }

  @Override
  public void insertAside(Block aside, Block of, String token, long epoch)
      throws BlockFailure, InterruptedException {
    server.insertAside(aside, of, token, epoch);
  }

  @Override
  public long fence(Block block, long last) throws BlockFailure, InterruptedException {
    return server.fence(block, last);
  }

  @Override
  public BitSet replaced(Block block, BlockRows rows, BitSet missing)
      throws BlockFailure, InterruptedException {
    return server.replaced(block, rows, missing);
  }

  @Override
  public List<String> commits(String table, String prefix)
      throws BlockFailure, InterruptedException {
    return server.commits(table, prefix);
  }

  @Override
  public void kill(Block block) throws BlockFailure, InterruptedException {
    server.kill(block);
  }

  @Override
  public Landed landed(Block block) throws BlockFailure, InterruptedException {
    Landed found = server.landed(block);
    int rows = found.rows().cardinality();
    AtomicInteger outcome =
        rows == 0 ? watch.foundNone : rows == block.rows() ? watch.foundAll : watch.foundSome;
    outcome.incrementAndGet();
    return found;
  }

  @Override
  public List<BlockColumn> columns(String table) throws BlockFailure, InterruptedException {
    return server.columns(table);
  }

  @Override
  public TableLayout layout(String table) throws BlockFailure, InterruptedException {
    return server.layout(table);
  }

  @Override
  public void close() {
    server.close();
  }
}
