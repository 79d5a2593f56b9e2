package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.ManagedMemoryUseCase;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The dedup step with its state in RocksDB, which has so much memory and no more. */
final class DedupOnDisk extends KeyedOneInputStreamOperatorTestHarness<String, Event, Event> {
  private static final Event EVENT = TestEvents.event(TestEvents.added("i-1", "SKU-1", 1, "19.90"));

  private final StreamRecord<Event> record = new StreamRecord<>(null);
  private long checkpoints;

  /**
   * Opened, with the job's settings but for {@code options}.
   *
   * @param options a factory of RocksDB's options
   * @param filterBytes {@link JobConfig.Dedup#filterBytes}
   * @param checkpointed where checkpoints go
   */
  DedupOnDisk(
      Class<? extends StateOptions> options, long managedBytes, int filterBytes, Path checkpointed)
      throws Exception {
    super(
        new KeyedProcessOperator<>(
            new DedupFunction(
                new JobConfig.Dedup(Duration.ofHours(1), filterBytes), TestEvents.CLOCK)),
        EventKeys::identity,
        Types.STRING,
        new MockEnvironmentBuilder().setManagedMemorySize(managedBytes).build());
    Configuration settings = Main.settings(JobConfigTest.read("job.minimal.yaml", Map.of()));
    settings.set(RocksDBOptions.OPTIONS_FACTORY, options.getName());
    setStateBackend(
        new EmbeddedRocksDBStateBackend(true).configure(settings, options.getClassLoader()));
    setCheckpointStorage(new FileSystemCheckpointStorage(checkpointed.toUri()));
    getStreamConfig()
        .setManagedMemoryFractionOperatorOfUseCase(ManagedMemoryUseCase.STATE_BACKEND, 1);
    getStreamConfig().serializeAllConfigs();
    open();
  }

  /** Sends an event with this id; all else is the same in all of them. */
  void send(String id) throws Exception {
    processElement(
        record.replace(
            new Event(
                id,
                EVENT.source(),
                EVENT.type(),
                EVENT.schemaVersion(),
                EVENT.timeMicros(),
                EVENT.storeId(),
                EVENT.userId(),
                EVENT.sessionId(),
                EVENT.cartId(),
                EVENT.payload(),
                EVENT.dataStart(),
                EVENT.dataLength(),
                EVENT.receivedAtMicros(),
                EVENT.partition(),
                EVENT.offset(),
                EVENT.follows())));
  }

  /** Flushes what is in memory to a file, as every checkpoint does, and forgets the output. */
  void checkpoint() throws Exception {
    snapshot(++checkpoints, checkpoints);
    notifyOfCompletedCheckpoint(checkpoints);
    getOutput().clear();
  }
}
