package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final long SEALED = 1_795_132_800_000L;

  private final Handover handover = new Handover();
  private final Block first = Blocks.of("t", SEALED + "-a", 100);
  private final Block second = Blocks.of("t", (SEALED + 3_000) + "-b", 50);
  private OneInputStreamOperatorTestHarness<CommittableMessage<Block>, CommittableMessage<Block>>
      task;

  @BeforeEach
  void open() throws Exception {
    task = new OneInputStreamOperatorTestHarness<>(new StreamMap<>(handover));
    task.open();
  }

  @AfterEach
  void close() throws Exception {
    task.close();
  }

  @Test
  void showsTheOldestBlockThroughCheckpointsThatAreAborted() throws Exception {
    pass(first, 1);
    task.getOperator().notifyCheckpointAborted(1);
    pass(second, 2);
    task.getOperator().notifyCheckpointAborted(2);

    assertThat(handover.oldestMillis(SEALED + 60_000)).isEqualTo(60_000);
    assertThat(handover.bytes()).isEqualTo(first.body().length + second.body().length);
  }

  @Test
  void forgetsBlocksOnceTheirCheckpointOrALaterOneIsComplete() throws Exception {
    pass(first, 1);
    task.getOperator().notifyCheckpointAborted(1);
    pass(second, 3);

    task.notifyOfCompletedCheckpoint(2);

    assertThat(handover.oldestMillis(SEALED + 60_000)).isEqualTo(57_000);
    assertThat(handover.bytes()).isEqualTo(second.body().length);
    task.notifyOfCompletedCheckpoint(3);
    assertThat(handover.oldestMillis(SEALED + 60_000)).isZero();
    assertThat(handover.bytes()).isZero();
  }

  @Test
  void passesOnEachMessageAsItIs() throws Exception {
    var summary = new CommittableSummary<Block>(0, 1, 1, 1, 0);
    task.processElement(new StreamRecord<>(summary));
    var lineage = new CommittableWithLineage<>(first, 1, 0);
    task.processElement(new StreamRecord<>(lineage));

    assertThat(task.extractOutputValues()).containsExactly(summary, lineage);
  }

  private void pass(Block block, long checkpoint) throws Exception {
    task.processElement(new StreamRecord<>(new CommittableWithLineage<>(block, checkpoint, 0)));
  }
}
