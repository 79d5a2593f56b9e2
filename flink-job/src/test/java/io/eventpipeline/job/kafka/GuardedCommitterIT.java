package io.eventpipeline.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.connector.kafka.sink.internal.KafkaCommitter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The committer after a restart, with transactions in the states that kills leave them in. */
@WithServices(Server.KAFKA)
class GuardedCommitterIT {
  private final ServiceKit kit;
  private Numbers numbers;
  private Properties producing;

  GuardedCommitterIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void topic() throws Exception {
    numbers = new Numbers(kit.kafka().bootstrapServers());
    producing = new Properties();
    producing.putAll(numbers.connection);
    producing.put("key.serializer", ByteArraySerializer.class.getName());
    producing.put("value.serializer", ByteArraySerializer.class.getName());
    producing.put("transaction.timeout.ms", "600000");
  }

  @Test
  void commitsWhatIsStillOpen() throws Exception {
    PendingTransaction pending = precommitted("-0-0", 1);

    Request request = commit(pending);

    assertThat(request.failed).isNull();
    assertThat(numbers.committed()).containsExactly(1L);
  }

  @Test
  void theConnectorLeavesOpenWhatAFailedRunBeganUnderTheId() throws Exception {
    PendingTransaction pending = committed("-0-0", 1);
    open("-0-0", 2);

    try (var connectors = connectors()) {
      connectors.commit(List.of(new KafkaRequest(pending.kafka())));
    }

    assertThat(numbers.open()).containsExactly(numbers.prefix + "-0-0");
  }

  @Test
  void endsWhatAFailedRunBeganUnderTheId() throws Exception {
    PendingTransaction pending = committed("-0-0", 1);
    open("-0-0", 2);

    Request request = commit(pending);

    assertThat(request.alreadyCommitted).isTrue();
    assertThat(numbers.open()).isEmpty();
    assertThat(numbers.committed()).containsExactly(1L);
  }

  @Test
  void tellsALossFromARepeatedCommit() throws Exception {
    PendingTransaction pending = precommitted("-0-0", 1);
    open("-0-0", 2); // fences, and so aborts it

    assertThatThrownBy(() -> commit(pending))
        .isInstanceOf(LostTransactionException.class)
        .hasMessageContaining("the-source partition 0 offsets 1 to 1")
        .hasMessageContaining(pending.name());
    assertThat(numbers.committed()).isEmpty();
  }

  @Test
  void asksAgainBeforeTheNextCheckpointWhenAnOlderTransactionIsInTheWay() throws Exception {
    open("-1-7", 0); // another subtask's, which its writer is going to abort
    PendingTransaction committed = committed("-0-0", 2);
    PendingTransaction aborted = precommitted("-0-1", 4);
    open("-0-0", 6);
    open("-0-1", 8);
    Doubts doubts = doubts();
    try (var check = check()) {
      assertThat(commit(committed, doubts).alreadyCommitted).isTrue();
      assertThat(commit(aborted, doubts).alreadyCommitted).isTrue();

      try (var transactions = new OpenTransactions(numbers.connection, numbers.prefix)) {
        transactions.abort(transactions.list());
      }

      assertThatThrownBy(() -> doubts.settle(check))
          .isInstanceOf(LostTransactionException.class)
          .hasMessageContaining(aborted.name());
    }
  }

  @Test
  void listsAndAbortsTheOpenTransactionsOfThePrefixOnly() throws Exception {
    open("-0-0", 1);
    open("-1-3", 2);
    open("other.-0-0", 3);

    try (var transactions = new OpenTransactions(numbers.connection, numbers.prefix)) {
      List<OpenTransactions.Open> open = transactions.list();
      assertThat(open)
          .extracting(OpenTransactions.Open::id)
          .containsExactlyInAnyOrder(numbers.prefix + "-0-0", numbers.prefix + "-1-3");
      assertThat(open.get(0).endsIn()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));

      transactions.abort(open);
      assertThat(transactions.list()).isEmpty();
    }
    assertThat(numbers.open()).containsExactly(numbers.prefix + "other.-0-0");
  }

  /** As a checkpoint remembers it, after the process that wrote it died. */
  private PendingTransaction precommitted(String suffix, long number) throws Exception {
    return write(suffix, number, false);
  }

  private PendingTransaction committed(String suffix, long number) throws Exception {
    return write(suffix, number, true);
  }

  private void open(String suffix, long number) throws Exception {
    write(suffix, number, false);
  }

  private PendingTransaction write(String suffix, long number, boolean commit) throws Exception {
    try (var producer =
        new FlinkKafkaInternalProducer<byte[], byte[]>(producing, numbers.prefix + suffix)) {
      producer.initTransactions();
      producer.beginTransaction();
      var place =
          producer.send(
              new ProducerRecord<>(
                  numbers.topic,
                  (int) (number % 2),
                  null,
                  new LongSerializer().serialize(numbers.topic, number)));
      producer.flush();
      var kafka = KafkaCommittable.of(producer);
      var restored =
          new KafkaCommittable(
              kafka.getProducerId(), kafka.getEpoch(), kafka.getTransactionalId(), null);
      var witness = new Witness(numbers.topic, place.get().partition(), place.get().offset());
      if (commit) {
        producer.commitTransaction();
      }
      return new PendingTransaction(
          restored, witness, 1, 1, List.of(new Offsets(0, number, number)));
    }
  }

  private Request commit(PendingTransaction pending) throws Exception {
    return commit(pending, doubts());
  }

  private Request commit(PendingTransaction pending, Doubts doubts) throws Exception {
    Request request = new Request(pending);
    try (var committer =
        new GuardedCommitter(
            new Ownership.Unchecked(),
            connectors(),
            check(),
            doubts,
            new SupersededTransactions(numbers.connection),
            new SimpleCounter())) {
      committer.commit(List.of(request));
    }
    return request;
  }

  private KafkaCommitter connectors() {
    return new KafkaCommitter(
        producing, numbers.prefix, 0, 0, true, FlinkKafkaInternalProducer::new);
  }

  private LossCheck check() {
    return new LossCheck(numbers.connection, "the-source", Set.of());
  }

  private Doubts doubts() {
    return Doubts.of(new Doubts.Key(UUID.randomUUID().toString(), numbers.prefix, 0, 0));
  }

  private static final class Request implements Committer.CommitRequest<PendingTransaction> {
    private final PendingTransaction pending;
    private Throwable failed;
    private boolean alreadyCommitted;

    Request(PendingTransaction pending) {
      this.pending = pending;
    }

    @Override
    public PendingTransaction getCommittable() {
      return pending;
    }

    @Override
    public int getNumberOfRetries() {
      return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable t) {
      failed = t;
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable t) {
      failed = t;
    }

    @Override
    public void retryLater() {
      failed = new IllegalStateException("a retry");
    }

    @Override
    public void updateAndRetryLater(PendingTransaction another) {
      failed = new IllegalStateException("another one");
    }

    @Override
    public void signalAlreadyCommitted() {
      alreadyCommitted = true;
    }
  }

  /** What Flink would have given the connector. */
  private record KafkaRequest(KafkaCommittable committable)
      implements Committer.CommitRequest<KafkaCommittable> {
    @Override
    public KafkaCommittable getCommittable() {
      return committable;
    }

    @Override
    public int getNumberOfRetries() {
      return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable t) {
      // it goes on, as Flink does
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable t) {
      throw new IllegalStateException(t);
    }

    @Override
    public void retryLater() {
      throw new IllegalStateException("a retry");
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable another) {
      throw new IllegalStateException("another one");
    }

    @Override
    public void signalAlreadyCommitted() {
      // it goes on
    }
  }
}
