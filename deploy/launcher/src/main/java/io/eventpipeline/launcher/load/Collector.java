package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.contract.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;

/**
 * Reads every table and topic for the {@link Reconciliation}.
 *
 * <p>Made before the first send, so that the topics are read from there. One thread.
 */
final class Collector implements AutoCloseable {
  private static final int CHECKSUM_COLUMN = 3;
  private static final int DATA_COLUMN = 3;
  private static final int REASON_COLUMN = 4;
  private static final Duration POLL = Duration.ofMillis(500);

  private final Warehouse warehouse;
  private final String source;
  private final Map<String, Integer> stores = new HashMap<>();
  private final Optional<Topic> raw;
  private final Topic validated;
  private final Topic enriched;
  private final Topic deadLetters;

  /**
   * Notes where the topics end.
   *
   * @param closely reads the raw topic and every row's data too, see {@link Scrutiny}
   * @throws KafkaException when the broker does not answer or a topic is missing
   */
  Collector(Target target, Warehouse warehouse, String source, boolean closely) {
    this.warehouse = warehouse;
    this.source = source;
    for (int i = 0; i < target.stores().size(); i++) {
      stores.put(target.stores().get(i).store(), i);
    }
    String kafka = target.kafkaBootstrapServers();
    this.raw = closely ? Optional.of(new Topic(kafka, Topics.RAW)) : Optional.empty();
    this.validated = new Topic(kafka, Topics.VALIDATED);
    this.enriched = new Topic(kafka, Topics.ENRICHED);
    this.deadLetters = new Topic(kafka, Topics.DEAD_LETTERS);
  }

  /**
   * Reads everything that is there now.
   *
   * @param patience how long a topic may be behind its table without a new record
   * @throws IOException when ClickHouse does not answer or breaks off
   * @throws KafkaException when Kafka does not answer
   */
  Reconciliation collect(Ledger ledger, Duration patience)
      throws IOException, InterruptedException {
    Reconciliation found = new Reconciliation(ledger);
    String checksum = Warehouse.checksumColumn();
    warehouse.rows(
        "events_raw",
        checksum,
        row ->
            found
                .arrivals()
                .see(
                    row[0], store(row[1]), row[2], Integer.parseUnsignedInt(row[CHECKSUM_COLUMN])));
    warehouse.rows(
        "events_processed", "", row -> found.processed().see(row[0], store(row[1]), row[2]));
    warehouse.rows(
        "events_errors",
        checksum + ", reason",
        row ->
            found.refused(
                row[0],
                store(row[1]),
                row[2],
                Integer.parseUnsignedInt(row[CHECKSUM_COLUMN]),
                row[REASON_COLUMN]));
    hidden(found);
    long processedRows = found.processed().rows();
    catchUp(
        validated,
        (record, event) -> see(found.validated(), record, event),
        processedRows,
        patience);
    catchUp(
        enriched, (record, event) -> see(found.enriched(), record, event), processedRows, patience);
    catchUp(
        deadLetters,
        (record, event) -> deadLetter(found, record, event),
        found.refusedRows(),
        patience);
    if (raw.isPresent()) {
      scrutinise(raw.get(), ledger, found, patience);
    }
    return found;
  }

  private void scrutinise(Topic arrivals, Ledger ledger, Reconciliation found, Duration patience)
      throws IOException, InterruptedException {
    Scrutiny scrutiny = new Scrutiny(ledger);
    catchUp(
        arrivals,
        (record, event) ->
            scrutiny.arrived(event.id(), record.partition(), record.offset(), record.value()),
        found.arrivals().rows(),
        patience);
    catchUp(
        enriched,
        (record, event) ->
            scrutiny.enriched(
                event.id(),
                new String(record.key(), UTF_8),
                record.partition(),
                record.offset(),
                record.timestamp()),
        found.enriched().rows(),
        patience);
    warehouse.rows(
        "events_processed",
        Warehouse.dataColumn(),
        row -> {
          int event = ledger.find(row[0]);
          byte[] data = Base64.getDecoder().decode(row[DATA_COLUMN]);
          if (event >= 0 && !scrutiny.isUnaltered(event, data)) {
            found.processed().altered(event);
          }
        });
    found.inversions(scrutiny.inversions(), scrutiny.examples());
  }

  private void hidden(Reconciliation found) throws IOException, InterruptedException {
    Warehouse.Counts visible = warehouse.visible();
    found.hidden(found.arrivals().rows() - visible.raw());
    found.hidden(found.processed().rows() - visible.processed());
    found.hidden(found.refusedRows() - visible.errors());
  }

  /** Reads until this run has {@code records} in the topic, or none came for {@code patience}. */
  private void catchUp(
      Topic topic,
      BiConsumer<ConsumerRecord<byte[], byte[]>, Envelope> book,
      long records,
      Duration patience)
      throws InterruptedException {
    long[] seen = {0};
    topic.rewind();
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long before = seen[0];
      topic.read(
          record -> {
            Envelope event = record.value() == null ? null : Envelope.read(record.value());
            if (event != null && event.source().equals(source)) {
              seen[0]++;
              book.accept(record, event);
            }
          });
      if (seen[0] >= records || System.nanoTime() > deadline) {
        return;
      }
      deadline = seen[0] > before ? System.nanoTime() + patience.toNanos() : deadline;
      Thread.sleep(POLL.toMillis());
    }
  }

  private void see(Sightings place, ConsumerRecord<byte[], byte[]> record, Envelope event) {
    int checksum = Envelope.checksum(record.value());
    place.see(event.id(), store(event.store()), event.type(), checksum);
  }

  private void deadLetter(
      Reconciliation found, ConsumerRecord<byte[], byte[]> record, Envelope event) {
    Header reason = record.headers().lastHeader("dlq_reason");
    found.deadLetter(
        event.id(),
        store(event.store()),
        event.type(),
        Envelope.checksum(record.value()),
        reason == null ? "" : new String(reason.value(), UTF_8));
  }

  private int store(String name) {
    return stores.getOrDefault(name, -1);
  }

  @Override
  public void close() {
    raw.ifPresent(Topic::close);
    validated.close();
    enriched.close();
    deadLetters.close();
  }
}
