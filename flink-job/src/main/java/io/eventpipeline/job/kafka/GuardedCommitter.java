package io.eventpipeline.job.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.IOUtils;

/**
 * Commits with the connector's committer and believes none of its failures.
 *
 * <p>What it reports as failed may have been committed before: an id that was free again after its
 * commit is used by the next transaction but one, and a restart from the earlier checkpoint then
 * finds it fenced. So the log is asked. Committed: good. Aborted: {@link LostTransactionException}.
 * Neither yet: {@link Doubts} when restored, else an exception and with it a restart.
 */
final class GuardedCommitter implements Committer<PendingTransaction> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Ownership.Claim claim;
  private final Committer<KafkaCommittable> committer;
  private final LossCheck check;
  private final Doubts doubts;
  private final SupersededTransactions superseded;
  private final Counter doubted;

  /**
   * @param doubted counts the commits that the connector reported as failed
   */
  GuardedCommitter(
      Ownership.Claim claim,
      Committer<KafkaCommittable> committer,
      LossCheck check,
      Doubts doubts,
      SupersededTransactions superseded,
      Counter doubted) {
    this.claim = claim;
    this.committer = committer;
    this.check = check;
    this.doubts = doubts;
    this.superseded = superseded;
    this.doubted = doubted;
  }

  @Override
  public void commit(Collection<CommitRequest<PendingTransaction>> requests)
      throws IOException, InterruptedException {
    claim.check();
    List<Attempt> failed = new ArrayList<>();
    for (CommitRequest<PendingTransaction> request : requests) {
      Attempt attempt = new Attempt(request);
      committer.commit(List.of(attempt));
      if (attempt.failure != null) {
        failed.add(attempt);
      }
    }
    // All that can be committed is, so that readers get as far as possible
    for (Attempt attempt : failed) {
      doubted.inc();
      resolve(attempt);
    }
  }

  private void resolve(Attempt attempt) throws IOException, InterruptedException {
    PendingTransaction pending = attempt.request.getCommittable();
    if (pending.restored() && attempt.refused) {
      superseded.abort(pending);
    }
    if (!attempt.refused && pending.witness() == null) {
      attempt.request.signalFailedWithUnknownReason(attempt.failure); // throws
      return;
    }
    Duration patience = pending.restored() ? Duration.ZERO : PATIENCE;
    if (check.settled(pending, attempt.failure, patience)) {
      attempt.request.signalAlreadyCommitted();
    } else if (pending.restored() && attempt.refused) {
      doubts.add(pending, attempt.failure);
      attempt.request.signalAlreadyCommitted();
    } else {
      throw Doubts.undecided(pending, attempt.failure);
    }
  }

  @Override
  public void close() throws Exception {
    IOUtils.closeAll(committer, check, superseded, claim);
  }

  /** What the connector's committer is given instead of Flink's request, to keep its verdict. */
  private static final class Attempt implements CommitRequest<KafkaCommittable> {
    private final CommitRequest<PendingTransaction> request;
    private Throwable failure;
    private boolean refused; // by the coordinator; else something went wrong on the way

    Attempt(CommitRequest<PendingTransaction> request) {
      this.request = request;
    }

    @Override
    public KafkaCommittable getCommittable() {
      return request.getCommittable().kafka();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithKnownReason(Throwable t) {
      failure = t;
      refused = true;
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable t) {
      failure = t;
    }

    @Override
    public void retryLater() {
      request.retryLater();
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
      throw new UnsupportedOperationException("a transaction cannot become another one");
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }
  }
}
