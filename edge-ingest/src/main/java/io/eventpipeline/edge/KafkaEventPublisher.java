package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One idempotent producer with {@code acks=all} for all event loops.
 *
 * <p>Memory is bounded by events and bytes in flight: what exceeds either bound is refused at once.
 * {@code send} must not block an event loop, so {@code max.block.ms} is 0: the metadata of the
 * topic is fetched and kept warm by a thread of its own, which also knows whether the cluster
 * answers, and until it has the metadata nothing is sent.
 */
final class KafkaEventPublisher implements EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaEventPublisher.class);
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
  private static final Duration WATCH_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Metadata that was idle for longer is dropped, and with max.block.ms=0 the next send fails. */
  private static final Duration METADATA_IDLE_MAX = Duration.ofDays(3_650);

  private final EdgeConfig.Kafka config;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;
  private final Thread watch = new Thread(this::watch, "kafka-watch");
  private final AtomicInteger inFlightEvents = new AtomicInteger();
  private final AtomicLong inFlightBytes = new AtomicLong();
  private volatile boolean warm;
  private volatile boolean closed;
  private volatile String unavailable = "Kafka: not asked yet";

  KafkaEventPublisher(EdgeConfig.Kafka config) {
    this.config = config;
    this.producer = new KafkaProducer<>(producerProperties(config));
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "edge-watch",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) WATCH_TIMEOUT.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) WATCH_TIMEOUT.toMillis()));
    watch.setDaemon(true);
    watch.start();
  }

  private static Map<String, Object> producerProperties(EdgeConfig.Kafka config) {
    return Map.ofEntries(
        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers()),
        Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "edge"),
        Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
        Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
        Map.entry(ProducerConfig.LINGER_MS_CONFIG, config.linger().toMillis()),
        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, config.batchBytes()),
        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, config.compression()),
        Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, config.bufferBytes()),
        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L),
        Map.entry(ProducerConfig.METADATA_MAX_IDLE_CONFIG, METADATA_IDLE_MAX.toMillis()),
        Map.entry(
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) config.requestTimeout().toMillis()),
        Map.entry(
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) config.deliveryTimeout().toMillis()),
        Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L));
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the same
  public void publish(OutgoingEvent event, int index, Receipt receipt) {
    if (!warm) {
      receipt.refused(index, FailureReason.UNAVAILABLE, "Kafka has not answered yet");
      return;
    }
    int bytes = event.bytes();
    InFlight inFlight = new InFlight(bytes, index, receipt);
    int events = inFlightEvents.incrementAndGet();
    if (inFlightBytes.addAndGet(bytes) > config.inFlightBytesMax()
        || events > config.inFlightEventsMax()) {
      inFlight.release();
      receipt.refused(index, FailureReason.UNAVAILABLE, "too many events wait for Kafka");
      return;
    }
    try {
      producer.send(
          new ProducerRecord<>(
              Topics.RAW, null, event.receivedAtMillis(), event.key(), event.value()),
          inFlight);
    } catch (KafkaException | IllegalStateException e) {
      inFlight.onCompletion(null, e); // the producer throws some faults and calls back with others
    }
  }

  /** One event between send and callback. */
  private final class InFlight implements Callback {
    private final int bytes;
    private final int index;
    private final Receipt receipt;

    InFlight(int bytes, int index, Receipt receipt) {
      this.bytes = bytes;
      this.index = index;
      this.receipt = receipt;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception failure) {
      release();
      if (failure == null) {
        receipt.acknowledged(index, metadata.partition(), metadata.offset());
      } else {
        receipt.refused(
            index,
            FailureReason.UNAVAILABLE,
            "Kafka did not acknowledge: " + failure.getClass().getSimpleName());
      }
    }

    void release() {
      inFlightEvents.decrementAndGet();
      inFlightBytes.addAndGet(-bytes);
    }
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.ofNullable(unavailable);
  }

  @Override
  public int inFlightEvents() {
    return inFlightEvents.get();
  }

  @Override
  public long inFlightBytes() {
    return inFlightBytes.get();
  }

  private void watch() {
    while (!closed) {
      String before = unavailable;
      unavailable = look();
      if (closed) {
        return;
      }
      if (before != null && unavailable == null) {
        LOG.info("Kafka answers at {}", config.bootstrapServers());
      } else if (before == null && unavailable != null) {
        LOG.warn("{}", unavailable);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(WATCH_INTERVAL.toMillis());
      } catch (InterruptedException e) {
        return; // only close interrupts
      }
    }
  }

  /** Asks the cluster for the topic and the producer for its partitions; null when both know. */
  private String look() {
    try {
      admin
          .describeTopics(List.of(Topics.RAW))
          .allTopicNames()
          .get(WATCH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      warm = !producer.partitionsFor(Topics.RAW).isEmpty();
      return warm ? null : "Kafka: no partitions of " + Topics.RAW;
    } catch (ExecutionException e) {
      return "Kafka: " + e.getCause().getClass().getSimpleName() + " for " + Topics.RAW;
    } catch (TimeoutException | KafkaException e) {
      return "Kafka: " + e.getClass().getSimpleName() + " for " + Topics.RAW;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "Kafka: closed";
    }
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
    producer.close(CLOSE_TIMEOUT);
    admin.close(Duration.ZERO);
  }
}
