package io.eventpipeline.job.kafka;

import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts what a failed run left open under an id that the checkpoint still names.
 *
 * <p>The connector leaves such an id alone when it looks for lingering transactions, since the
 * checkpoint's own transaction may still have to be committed under it. When that turns out to be
 * fenced, there is a newer one. Until the restored job takes its first checkpoint none of its
 * writers uses the id, so the newer one is the failed run's; nobody else would ever end it if the
 * id is not used again, as after a restart with fewer subtasks or another prefix, and readers of
 * committed records would wait for its timeout (FLINK-40626).
 */
final class SupersededTransactions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SupersededTransactions.class);

  private final Properties connection;
  private Admin admin;

  SupersededTransactions(Properties connection) {
    this.connection = connection;
  }

  /** Only while the job is being restored. */
  void abort(PendingTransaction fenced) throws IOException, InterruptedException {
    String id = fenced.kafka().getTransactionalId();
    try {
      TransactionDescription newest =
          admin().describeTransactions(List.of(id)).description(id).get();
      boolean another =
          newest.producerId() != fenced.kafka().getProducerId()
              || newest.producerEpoch() != fenced.kafka().getEpoch();
      if (another && newest.state() == TransactionState.ONGOING) {
        LOG.info("aborting {}/{}/{}", id, newest.producerId(), newest.producerEpoch());
        admin().fenceProducers(List.of(id)).all().get();
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
        throw new IOException("cannot look at Kafka transaction " + fenced.name(), e.getCause());
      }
    }
  }

  private Admin admin() {
    if (admin == null) {
      Properties settings = new Properties();
      settings.putAll(connection);
      settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000");
      admin = Admin.create(settings);
    }
    return admin;
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
  }
}
