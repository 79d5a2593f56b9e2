package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that shows when an insert is under way, and how the inserts and counts went. */
final class WatchedServer implements Server {
  final AtomicInteger inserting = new AtomicInteger();
  final AtomicInteger landed = new AtomicInteger();
  final AtomicInteger interrupted = new AtomicInteger();
  final AtomicInteger foundAll = new AtomicInteger();
  final AtomicInteger foundNone = new AtomicInteger();
  final AtomicInteger foundSome = new AtomicInteger();
  private final Server server;

  WatchedServer(Server server) {
    this.server = server;
  }

  @Override
  public void insert(Block block, String token, long epoch, byte[] body, int rows)
      throws BlockFailure, InterruptedException {
    inserting.incrementAndGet();
    try {
      server.insert(block, token, epoch, body, rows);
      landed.incrementAndGet();
    } catch (BlockFailure e) {
      interrupted.incrementAndGet();
      throw e;
    } finally {
      inserting.decrementAndGet();
    }
  }

  @Override
  public void fence(Block block, long epoch) throws BlockFailure, InterruptedException {
    server.fence(block, epoch);
  }

  @Override
  public void kill(Block block) throws BlockFailure, InterruptedException {
    server.kill(block);
  }

  @Override
  public Landed landed(Block block) throws BlockFailure, InterruptedException {
    Landed found = server.landed(block);
    int rows = found.rows().cardinality();
    (rows == 0 ? foundNone : rows == block.rows() ? foundAll : foundSome).incrementAndGet();
    return found;
  }

  @Override
  public List<BlockColumn> columns(String table) throws BlockFailure, InterruptedException {
    return server.columns(table);
  }

  @Override
  public String partitionKey(String table) throws BlockFailure, InterruptedException {
    return server.partitionKey(table);
  }

  @Override
  public void close() {
    server.close();
  }
}
