package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that shows when an insert is under way, and how the inserts and counts went. */
final class WatchedServer implements Server {
  final AtomicInteger inserting = new AtomicInteger();
  final AtomicInteger landed = new AtomicInteger();

  /** Lost answers included. */
  final AtomicInteger interrupted = new AtomicInteger();

  final AtomicInteger foundAll = new AtomicInteger();
  final AtomicInteger foundNone = new AtomicInteger();
  final AtomicInteger foundSome = new AtomicInteger();
  final AtomicInteger answersLost = new AtomicInteger();
  private final Server server;
  private final SplittableRandom random;

  /**
   * One good answer in four is lost on its way back, as when a connection breaks: a kill hits that
   * short moment too seldom to show what happens then.
   */
  WatchedServer(Server server, long seed) {
    this.server = server;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void insert(Block block, String token, long epoch, byte[] body, int rows)
      throws BlockFailure, InterruptedException {
    inserting.incrementAndGet();
    try {
      server.insert(block, token, epoch, body, rows);
      landed.incrementAndGet();
      if (loseAnswer()) {
        answersLost.incrementAndGet();
        throw new BlockFailure(ErrorClass.RETRY, 0, "answer lost", null);
      }
    } catch (BlockFailure e) {
      interrupted.incrementAndGet();
      throw e;
    } finally {
      inserting.decrementAndGet();
    }
  }

  private synchronized boolean loseAnswer() {
    return random.nextInt(4) == 0;
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
