package io.eventpipeline.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the ways to name transactions leave open, and so in the way of readers, when a job of three
 * subtasks was killed and comes back with one, under its prefix or another.
 */
@WithServices(Server.KAFKA)
class TransactionNamingIT {
  private static final long COUNT = 12_000;
  private static final int SUBTASKS = 3;

  @TempDir Path folder;
  private final ServiceKit kit;
  private Numbers numbers;
  private TransactionNamingStrategy naming;

  TransactionNamingIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void failOnce() throws Exception {
    numbers = new Numbers(kit.kafka().bootstrapServers());
    Sabotage.LEFT.set(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thePoolLeavesNothingOpenAndTakesFewIds(boolean anotherPrefix) throws Exception {
    comeBack(TransactionNamingStrategy.POOLING, anotherPrefix);

    assertThat(numbers.ids()).as("however many checkpoints").hasSizeLessThanOrEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @EnabledIfSystemProperty(named = "naming.compare", matches = "true")
  void anIdForEachCheckpointLeavesNothingOpenEither(boolean anotherPrefix) throws Exception {
    comeBack(TransactionNamingStrategy.INCREMENTING, anotherPrefix);
  }

  private void comeBack(TransactionNamingStrategy way, boolean anotherPrefix) throws Exception {
    naming = way;
    die(numbers.guarded(numbers.prefix, naming));

    String prefix = anotherPrefix ? numbers.topic + "-renamed." : numbers.prefix;
    run(1, numbers.guarded(prefix, naming), Optional.of(newestCheckpoint()));

    assertThat(numbers.open()).isEmpty();
    List<Long> committed = numbers.committed();
    assertThat(new HashSet<>(committed)).hasSameSizeAs(committed);
    assertThat(committed).containsAll(LongStream.range(0, COUNT).boxed().toList());
    System.out.printf("%s: %d transactional ids%n", naming, numbers.ids().size());
  }

  @Test
  void theConnectorAloneKeepsReadersWaiting() throws Exception {
    naming = TransactionNamingStrategy.POOLING;
    die(numbers.connectors(numbers.prefix, naming));

    run(1, numbers.connectors(numbers.prefix, naming), Optional.of(newestCheckpoint()));

    assertThat(numbers.open()).isNotEmpty();
  }

  /** Runs until it fails, and leaves open what processes that are killed leave open. */
  private void die(Sink<Long> sink) throws Exception {
    assertThatThrownBy(() -> run(SUBTASKS, sink, Optional.empty()))
        .hasStackTraceContaining("failing on purpose");
    assertThat(Sabotage.LEFT).hasValue(0);
    List<String> left = new ArrayList<>(numbers.ids());
    left.removeIf(this::cannotBeOpen);
    assertThat(left).hasSizeGreaterThanOrEqualTo(SUBTASKS);
    List<String> closed = new ArrayList<>(left);
    closed.removeAll(numbers.open());
    for (String id : closed) {
      begin(id);
    }
    assertThat(numbers.open()).containsAll(left);
  }

  /** A pool may use any id again; an incremented one is used once, for the checkpoint it names. */
  private boolean cannotBeOpen(String id) {
    long checkpoint = Long.parseLong(newestCheckpoint().getFileName().toString().substring(4));
    return naming == TransactionNamingStrategy.INCREMENTING
        && Long.parseLong(id.substring(id.lastIndexOf('-') + 1)) <= checkpoint;
  }

  private void begin(String id) throws Exception {
    Properties settings = new Properties();
    settings.putAll(numbers.connection);
    settings.put("key.serializer", ByteArraySerializer.class.getName());
    settings.put("value.serializer", ByteArraySerializer.class.getName());
    settings.put("transaction.timeout.ms", "600000");
    try (var producer = new FlinkKafkaInternalProducer<byte[], byte[]>(settings, id)) {
      producer.initTransactions();
      producer.beginTransaction();
      byte[] number = new LongSerializer().serialize(numbers.topic, COUNT);
      producer.send(new ProducerRecord<>(numbers.topic, number)).get();
    }
  }

  private void run(int subtasks, Sink<Long> sink, Optional<Path> from) throws Exception {
    Configuration flink = new Configuration();
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    from.ifPresent(path -> flink.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
    try (var env = StreamExecutionEnvironment.createLocalEnvironment(subtasks, flink)) {
      env.enableCheckpointing(200);
      env.setMaxParallelism(8);
      env.fromSequence(0, COUNT - 1)
          .uid("numbers")
          .map(new Sabotage(Sabotage.Kind.FAIL, numbers))
          .uid("sabotage")
          .sinkTo(sink)
          .uid("sink");
      env.execute();
    }
  }

  private Path newestCheckpoint() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(file -> file.toFile().lastModified()))
          .orElseThrow()
          .getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
