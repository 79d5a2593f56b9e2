package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventpipeline.job.clickhouse.FakeServer.Fault;
import java.util.List;
import org.apache.flink.api.connector.sink2.mocks.MockCommitRequest;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

/**
 * Which failures end the job ({@code ClickHouseFailedJobIT} has the jobs), and which blocks are in
 * doubt.
 */
class ClickHouseCommitterTest {
  private final FakeServer server = new FakeServer();

  @Test
  void endsTheJobWhenNoRestartHelps() {
    Throwable failure = failureOf(Fault.FATAL);

    assertThat(failure)
        .isInstanceOf(ClickHouseRefusalException.class)
        .hasMessageContaining("cannot land: no such column. The job stops and nothing is dropped");
    assertThat(endsTheJob(failure)).isTrue();
  }

  @Test
  void letsFlinkRestartTheJobWhenNobodyKnows() {
    Throwable failure = failureOf(Fault.UNKNOWN);

    assertThat(failure).isInstanceOf(BlockFailure.class).hasMessageContaining("new code");
    assertThat(endsTheJob(failure)).isFalse();
  }

  @Test
  void letsFlinkRestartTheJobAtADefect() {
    server.duringInsert =
        () -> {
          throw new IllegalStateException("defect");
        };

    assertThat(endsTheJob(failureOf(Fault.NONE))).isFalse();
  }

  @Test
  void endsTheJobAtATableThatDoesNotFit() {
    assertThat(endsTheJob(new TableMismatchException("no table"))).isTrue();
  }

  /** The JobManager decides by what it reads, and a client's exception may hold anything. */
  @Test
  void staysFinalOnItsWayToTheJobManager() throws Exception {
    var client = new IllegalStateException("not serialisable");
    client.addSuppressed(new Unserialisable());
    var failure =
        ClickHouseRefusalException.orItself(
            new BlockFailure(ErrorClass.STOP, 16, "no such column", client));

    byte[] sent = InstantiationUtil.serializeObject(new SerializedThrowable(failure));
    ClassLoader loader = getClass().getClassLoader();
    SerializedThrowable received = InstantiationUtil.deserializeObject(sent, loader);

    assertThat(endsTheJob(received.deserializeError(loader))).isTrue();
  }

  /** Only a committer of the same attempt as the block's writer is the first to try. */
  @Test
  void asksBeforeItInsertsABlockOfAnEarlierAttempt() throws Exception {
    Block block = Blocks.of("t", "1795132800000-a", 10);
    commit(block, block.restoredFrom());
    commit(block, block.restoredFrom() + 1);

    assertThat(server.calls)
        .containsExactly("insert 10", "close", "fence", "kill", "count", "close");
  }

  private void commit(Block block, long restoredFrom) throws Exception {
    var metrics = new SinkMetrics();
    var lander = new BlockLander(server, FakeServer.CONFIG, metrics, Rejections.STOP);
    try (var committer =
        new ClickHouseCommitter(server, lander, FakeServer.CONFIG, restoredFrom, metrics)) {
      committer.commit(List.of(new MockCommitRequest<>(block)));
    }
  }

  private Throwable failureOf(Fault fault) {
    server.faults.add(fault);
    Block block = Blocks.of("t", "1795132800000-a", 10);
    return catchThrowable(() -> commit(block, block.restoredFrom()));
  }

  private static boolean endsTheJob(Throwable failure) {
    return ThrowableClassifier.findThrowableOfThrowableType(
            failure, ThrowableType.NonRecoverableError)
        .isPresent();
  }

  private static final class Unserialisable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("unused")
    private final Object handle = new Object();
  }
}
