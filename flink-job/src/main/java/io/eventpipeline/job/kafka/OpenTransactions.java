package io.eventpipeline.job.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * The transactions that are open under one job's prefix. Readers of committed records see nothing
 * that came after the oldest of them. Thread-safe.
 */
public final class OpenTransactions implements AutoCloseable {
  private final Admin admin;
  private final Pattern ids;

  public OpenTransactions(Properties connection, String transactionalIdPrefix) {
    Properties settings = new Properties();
    settings.putAll(connection);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "20000");
    this.admin = Admin.create(settings);
    // Whole ids: another job's prefix may begin with this one's
    this.ids = Pattern.compile(Pattern.quote(transactionalIdPrefix) + "-\\d+-\\d+");
  }

  /**
   * One that is open.
   *
   * @param age since its first record
   * @param endsIn until Kafka aborts it by itself; below zero when that is due
   * @param partitions {@code topic-partition}, comma-separated
   */
  public record Open(
      String id, long producerId, int epoch, Duration age, Duration endsIn, String partitions) {}

  /** All of them, oldest first. */
  public List<Open> list() throws ExecutionException, InterruptedException {
    List<String> open =
        admin
            .listTransactions(
                new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
            .all()
            .get()
            .stream()
            .map(TransactionListing::transactionalId)
            .filter(id -> ids.matcher(id).matches())
            .toList();
    List<Open> found = new ArrayList<>();
    if (!open.isEmpty()) {
      long now = Instant.now().toEpochMilli();
      admin.describeTransactions(open).all().get().entrySet().stream()
          .filter(one -> one.getValue().state() == TransactionState.ONGOING)
          .map(one -> open(one, now))
          .sorted(Comparator.comparing(Open::age).reversed())
          .forEach(found::add);
    }
    return found;
  }

  private static Open open(Map.Entry<String, TransactionDescription> one, long now) {
    TransactionDescription transaction = one.getValue();
    long age = now - transaction.transactionStartTimeMs().orElse(now);
    return new Open(
        one.getKey(),
        transaction.producerId(),
        transaction.producerEpoch(),
        Duration.ofMillis(age),
        Duration.ofMillis(transaction.transactionTimeoutMs() - age),
        transaction.topicPartitions().stream()
            .map(Object::toString)
            .sorted()
            .collect(Collectors.joining(",")));
  }

  /** Aborts these by fencing their producers; the records in them are gone then. */
  public void abort(List<Open> transactions) throws ExecutionException, InterruptedException {
    if (!transactions.isEmpty()) {
      admin.fenceProducers(transactions.stream().map(Open::id).toList()).all().get();
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
