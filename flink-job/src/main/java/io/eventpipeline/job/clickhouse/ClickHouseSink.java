package io.eventpipeline.job.clickhouse;

import io.eventpipeline.config.Check;
import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Writes records into a ClickHouse table exactly once.
 *
 * <p><b>Guarantee.</b> Every record of a completed checkpoint is one row of the table, or one row
 * of the table for refused rows, through any crash, pause or cut of Flink, the network or
 * ClickHouse. Rows appear after the checkpoint that they belong to. No order among rows is
 * promised. Needs checkpoints; with the table settings {@code fsync_after_insert} and {@code
 * fsync_part_directory} it holds through a power cut too. {@code RATIONALE.md} beside this file has
 * the argument.
 *
 * <p><b>Mechanism.</b> The writer cuts rows into blocks of one partition; their bytes travel in the
 * checkpoint. The committer inserts each block once. After any doubt it fences and kills earlier
 * tries, counts the block's rows in the table, and inserts what is missing. Deduplication of
 * ClickHouse's is not relied upon.
 *
 * <p><b>Errors.</b> What passes is retried for ever, which in the end holds up the sources. A row
 * that ClickHouse refuses is found by bisection and set aside; its neighbours land. What no restart
 * cures ends the job: FAILED, with {@link ClickHouseRefusalException} or {@link
 * TableMismatchException}. What nobody knows, and a buffer that no checkpoint empties, fails the
 * task, and Flink restarts the job. Nothing is dropped.
 *
 * <p><b>Limits.</b> One ClickHouse server, or replicas behind one address with quorum inserts. The
 * table needs the columns {@code _commit_id} and {@code _row_no}, the database the table {@code
 * sink_fences}. The job must not be restored while the same job still runs elsewhere and commits
 * on: two live jobs are two sets of blocks. Uncommitted rows are held in memory and in the
 * checkpoint: of each writer at most four times {@code bufferedBytesMax} for each checkpoint since
 * the last complete one.
 *
 * <p><b>Metrics.</b> The oldest row that is not in ClickHouse yet is as old as the largest of
 * {@code clickhouse.oldestBufferedMillis} (writer), {@code .oldestHandedOverMillis} (waits for its
 * checkpoint) and {@code .oldestUncommittedMillis} (is being inserted).
 *
 * <p><b>Threads.</b> The committer is a task of its own, so rows are written while blocks commit.
 *
 * <p><b>Timeouts.</b> The checkpoint timeout should exceed the longest time that ClickHouse may be
 * away; when it does not, the checkpoint fails and the job waits in the restored committer.
 */
public final class ClickHouseSink<T>
    implements Sink<T>, SupportsCommitter<Block>, SupportsPreCommitTopology<Block, Block> {
  private final ClickHouseConfig config;
  private final TableMapping<T> mapping;
  private final TableMapping<RejectedRow> rejections;

  private ClickHouseSink(
      ClickHouseConfig config, TableMapping<T> mapping, TableMapping<RejectedRow> rejections) {
    this.config = config;
    this.mapping = mapping;
    this.rejections = rejections;
  }

  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  @Override
  public CommittingSinkWriter<T, Block> createWriter(WriterInitContext context) throws IOException {
    var task = context.getTaskInfo();
    var commitIds =
        new CommitIds(
            Clock.systemUTC(),
            context.getJobInfo().getJobId().toString(),
            task.getIndexOfThisSubtask(),
            task.getAttemptNumber());
    var writer =
        new ClickHouseWriter<>(
            config,
            mapping,
            check(mapping),
            commitIds,
            context.getRestoredCheckpointId().orElse(-1),
            Clock.systemUTC(),
            ClickHouseWriter.PACE);
    var metrics = context.metricGroup().addGroup("clickhouse");
    metrics.gauge("bufferedBytes", writer::bufferedBytes);
    metrics.gauge("oldestBufferedMillis", writer::oldestBufferedMillis);
    return writer;
  }

  @Override
  public Committer<Block> createCommitter(CommitterInitContext context) throws IOException {
    long restoredFrom = context.getRestoredCheckpointId().orElse(-1);
    SinkMetrics metrics = new SinkMetrics();
    Rejections setAside =
        rejections == null
            ? Rejections.STOP
            : new RejectionTable(rejections, check(rejections), Clock.systemUTC());
    Server server = new HttpServerClient(config);
    var lander = new BlockLander(server, config, metrics, setAside);
    var committer = new ClickHouseCommitter(server, lander, config, restoredFrom, metrics);
    metrics.register(
        context.metricGroup(), () -> committer.oldestPendingMillis(System.currentTimeMillis()));
    return committer;
  }

  private List<BlockColumn> check(TableMapping<?> checked) throws IOException {
    try (Server server = new HttpServerClient(config)) {
      return LiveTable.check(server, config.database(), checked);
    } catch (BlockFailure e) {
      throw ClickHouseRefusalException.orItself(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking at " + checked.table(), e);
    }
  }

  /**
   * Puts the committer into a task of its own: a commit on the writer's thread would stop the
   * writer for as long as ClickHouse takes.
   */
  @Override
  public DataStream<CommittableMessage<Block>> addPreCommitTopology(
      DataStream<CommittableMessage<Block>> committables) {
    String name = "clickhouse-handover-" + mapping.table();
    return committables
        .map(new Handover())
        .returns(committables.getType())
        .name(name)
        .uid(name)
        .startNewChain();
  }

  @Override
  public SimpleVersionedSerializer<Block> getCommittableSerializer() {
    return new BlockSerializer();
  }

  @Override
  public SimpleVersionedSerializer<Block> getWriteResultSerializer() {
    return new BlockSerializer();
  }

  /** The only way to a sink. Not thread-safe. */
  public static final class Builder<T> {
    private ClickHouseConfig config;
    private TableMapping<T> mapping;
    private TableMapping<RejectedRow> rejections;

    private Builder() {}

    public Builder<T> config(ClickHouseConfig value) {
      config = value;
      return this;
    }

    public Builder<T> mapping(TableMapping<T> value) {
      mapping = value;
      return this;
    }

    /** Where refused rows go; without it the first refused row stops the job. */
    public Builder<T> rejections(TableMapping<RejectedRow> value) {
      rejections = value;
      return this;
    }

    /** The sink; configuration and mapping are required. */
    public ClickHouseSink<T> build() {
      Check.that(config != null && mapping != null, "a sink needs config and mapping");
      return new ClickHouseSink<>(config, mapping, rejections);
    }
  }
}
