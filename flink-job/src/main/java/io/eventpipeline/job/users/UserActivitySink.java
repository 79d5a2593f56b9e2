package io.eventpipeline.job.users;

import io.eventpipeline.job.JobConfig;
import io.eventpipeline.job.UserActivity;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes what users did to Postgres: {@code user_profile.last_seen} and {@code user_purchase}.
 *
 * <p>At least once, and idempotent: repeated writes change nothing. What is not written yet is part
 * of each checkpoint. Unlike the JDBC connector's own sink it does not stop the stream when
 * Postgres does not answer: rows wait, up to {@code users.pendingMax} a subtask, and only then the
 * job waits too. Connections come from flink-connector-jdbc.
 */
public final class UserActivitySink
    implements Sink<UserActivity>, SupportsWriterState<UserActivity, UserActivity> {
  private static final long serialVersionUID = 1L;

  private final JobConfig.Postgres postgres;
  private final JobConfig.Users config;

  public UserActivitySink(JobConfig.Postgres postgres, JobConfig.Users config) {
    this.postgres = postgres;
    this.config = config;
  }

  @Override
  public StatefulSinkWriter<UserActivity, UserActivity> createWriter(WriterInitContext context) {
    return restoreWriter(context, List.of());
  }

  @Override
  public StatefulSinkWriter<UserActivity, UserActivity> restoreWriter(
      WriterInitContext context, Collection<UserActivity> pending) {
    String seconds = String.valueOf(postgres.timeout().plusMillis(999).toSeconds());
    JdbcConnectionOptions options =
        new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
            .withUrl(postgres.url())
            .withDriverName("org.postgresql.Driver")
            .withUsername(postgres.user())
            .withPassword(postgres.password().value())
            .withProperty("connectTimeout", seconds)
            .withProperty("socketTimeout", seconds)
            .withProperty("loginTimeout", seconds)
            .withProperty("ApplicationName", "event-pipeline-job")
            .build();
    UserActivityTable table = new UserActivityTable(new SimpleJdbcConnectionProvider(options));
    return new UserActivityWriter(table, config, context.metricGroup(), pending);
  }

  @Override
  public SimpleVersionedSerializer<UserActivity> getWriterStateSerializer() {
    return new UserActivitySerializer();
  }
}
