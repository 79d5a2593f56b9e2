package io.eventpipeline.edge.status;

import io.eventpipeline.contract.Topics;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * How far readers of committed records are behind in the job's output topics, and since when.
 *
 * <p>They get no further than the oldest open transaction, whoever left it. While the job runs that
 * is one checkpoint's; it is degraded once a quarter of the time is over after which Kafka aborts
 * the transaction, which for the job's own means that its records are lost. The age is by the
 * coordinator's record of the transaction and this machine's clock. Transactions that the edge may
 * not describe, or that only a partition knows of (KIP-664), show in the records alone.
 */
final class OutputsProbe implements Probe {
  private static final int PARTS_OF_TIMEOUT = 4;
  private static final Set<String> ALWAYS =
      Set.of(Topics.VALIDATED, Topics.ENRICHED, Topics.DEAD_LETTERS);

  private final Admin admin;
  private final Duration timeout;
  private final Clock clock;
  private volatile Map<String, HeldBack> newest = Map.of();

  OutputsProbe(String bootstrapServers, Duration timeout, Clock clock) {
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "edge-status-outputs"));
    this.timeout = timeout;
    this.clock = clock;
  }

  private record Open(String id, Duration age, Duration timeout, Set<TopicPartition> partitions) {
    boolean writesTo(String topic) {
      return partitions.stream().anyMatch(partition -> partition.topic().equals(topic));
    }

    boolean tooOld() {
      return age.compareTo(timeout.dividedBy(PARTS_OF_TIMEOUT)) > 0;
    }
  }

  @Override
  public String name() {
    return "outputs";
  }

  /** By topic, as it was when it was last looked at; empty when that failed. Any thread. */
  Map<String, HeldBack> newest() {
    return newest;
  }

  @Override
  public Finding look() throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, HeldBack> held = Map.of();
    try {
      List<TopicPartition> partitions = partitions();
      Map<String, Long> records = heldRecords(partitions);
      List<Open> open = open();
      held = new TreeMap<>();
      for (Map.Entry<String, Long> topic : records.entrySet()) {
        held.put(topic.getKey(), new HeldBack(topic.getValue(), age(open, topic.getKey())));
      }
      return finding(held, open);
    } finally {
      newest = held;
    }
  }

  private List<TopicPartition> partitions()
      throws ExecutionException, InterruptedException, TimeoutException {
    List<String> outputs =
        get(admin.listTopics().names()).stream()
            .filter(name -> ALWAYS.contains(name) || name.startsWith(Topics.route("")))
            .toList();
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicDescription topic : get(admin.describeTopics(outputs).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(one -> partitions.add(new TopicPartition(topic.name(), one.partition())));
    }
    return partitions;
  }

  private Map<String, Long> heldRecords(List<TopicPartition> partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    // Asked for first, so that what is committed in between is not taken for held back
    Map<TopicPartition, ListOffsetsResultInfo> ends = get(admin.listOffsets(latest).all());
    Map<TopicPartition, ListOffsetsResultInfo> stable =
        get(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
    Map<String, Long> records = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      long behind = ends.get(partition).offset() - stable.get(partition).offset();
      records.merge(partition.topic(), Math.max(0, behind), Long::sum);
    }
    return records;
  }

  /** Those that are not over, oldest first. */
  private List<Open> open() throws ExecutionException, InterruptedException, TimeoutException {
    var unfinished =
        new ListTransactionsOptions()
            .filterStates(
                List.of(
                    TransactionState.ONGOING,
                    TransactionState.PREPARE_COMMIT,
                    TransactionState.PREPARE_ABORT));
    List<String> ids =
        get(admin.listTransactions(unfinished).all()).stream()
            .map(TransactionListing::transactionalId)
            .toList();
    List<Open> open = new ArrayList<>();
    for (Map.Entry<String, TransactionDescription> one :
        get(admin.describeTransactions(ids).all()).entrySet()) {
      TransactionDescription transaction = one.getValue();
      // It may have ended in the meantime
      transaction
          .transactionStartTimeMs()
          .ifPresent(
              start ->
                  open.add(
                      new Open(
                          one.getKey(),
                          Duration.ofMillis(Math.max(0, clock.millis() - start)),
                          Duration.ofMillis(transaction.transactionTimeoutMs()),
                          transaction.topicPartitions())));
    }
    open.sort(Comparator.comparing(Open::age).reversed());
    return open;
  }

  private static Duration age(List<Open> open, String topic) {
    return open.stream()
        .filter(one -> one.writesTo(topic))
        .map(Open::age)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static Finding finding(Map<String, HeldBack> held, List<Open> open) {
    JsonObject topics = new JsonObject();
    long records = 0;
    Duration oldest = Duration.ZERO;
    for (Map.Entry<String, HeldBack> topic : held.entrySet()) {
      HeldBack back = topic.getValue();
      topics.put(
          topic.getKey(),
          new JsonObject().put("records", back.records()).put("age_ms", back.age().toMillis()));
      records += back.records();
      oldest = back.age().compareTo(oldest) > 0 ? back.age() : oldest;
    }
    JsonObject details =
        new JsonObject()
            .put("records_held_back", records)
            .put("oldest_transaction_ms", oldest.toMillis())
            .put("topics", topics);
    Optional<Open> tooOld =
        open.stream()
            .filter(Open::tooOld)
            .filter(one -> held.keySet().stream().anyMatch(one::writesTo))
            .findFirst();
    return tooOld
        .map(
            one ->
                Finding.degraded(
                    "readers of committed records wait for transaction %s, open for %d s; Kafka aborts it after %d s"
                        .formatted(one.id(), one.age().toSeconds(), one.timeout().toSeconds()),
                    details))
        .orElseGet(() -> Finding.ok(details));
  }

  private <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
