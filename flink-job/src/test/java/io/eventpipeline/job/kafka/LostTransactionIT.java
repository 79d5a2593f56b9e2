package io.eventpipeline.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a job when one of its transactions is gone when it should be committed. */
@WithServices(Server.KAFKA)
class LostTransactionIT {
  private static final long COUNT = 20_000;

  @TempDir Path folder;
  private final ServiceKit kit;
  private Numbers numbers;

  LostTransactionIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void sabotageOnce() throws Exception {
    numbers = new Numbers(kit.kafka().bootstrapServers());
    Sabotage.LEFT.set(1);
  }

  @Test
  void theConnectorAloneLosesRecordsAndGoesOn() throws Exception {
    run(
        Sabotage.Kind.FENCE,
        numbers.connectors(numbers.prefix, TransactionNamingStrategy.POOLING),
        Optional.empty());

    assertThat(Sabotage.LEFT).hasValue(0);
    assertThat(numbers.committed().size()).isLessThan((int) COUNT);
  }

  @Test
  void theGuardStopsTheJobAndSaysWhatToReplay() throws Exception {
    Throwable failure =
        catchThrowable(() -> run(Sabotage.Kind.FENCE, numbers.guarded(), Optional.empty()));

    assertThat(Sabotage.LEFT).hasValue(0);
    var lost = ExceptionUtils.findThrowable(failure, LostTransactionException.class);
    assertThat(lost).as("cause of %s", failure).isPresent();
    Matcher said =
        Pattern.compile(
                "Kafka transaction (\\S+), written after checkpoint \\d+, was aborted before it was"
                    + " committed: (\\d+) output records are missing, made from the-source partition"
                    + " 0 offsets (\\d+) to (\\d+)\\. The job stops\\. Start it from checkpoint \\d+ or an older"
                    + " one, and it makes them again, .* or name (\\S+) in kafka.writtenOff and start"
                    + " from the same checkpoint, and they stay missing in Kafka")
            .matcher(lost.get().getMessage());
    assertThat(said.matches()).as(lost.get().getMessage()).isTrue();
    assertThat(said.group(5)).startsWith(said.group(1));

    // The loss accepted, the job goes on, and what it said is missing is all that is missing
    Path checkpoint = newestCheckpoint();
    assertThatThrownBy(() -> run(Sabotage.Kind.FENCE, numbers.guarded(), Optional.of(checkpoint)))
        .as("without being told")
        .hasStackTraceContaining(LostTransactionException.class.getName());
    run(Sabotage.Kind.FENCE, numbers.guarded(said.group(5)), Optional.of(checkpoint));

    List<Long> missing = new ArrayList<>(LongStream.range(0, COUNT).boxed().toList());
    missing.removeAll(new HashSet<>(numbers.committed()));
    assertThat(missing).hasSize(Integer.parseInt(said.group(2)));
    assertThat(missing.get(0)).isEqualTo(Long.parseLong(said.group(3)));
    assertThat(missing.get(missing.size() - 1)).isEqualTo(Long.parseLong(said.group(4)));
    assertThat(numbers.committed()).hasSize((int) COUNT - missing.size());
  }

  @Test
  void aCommitThatARestartRepeatsIsNoLoss() throws Exception {
    Set<Thread> before = adminThreads();
    run(Sabotage.Kind.FAIL, numbers.guarded(), Optional.empty());

    assertThat(Sabotage.LEFT).hasValue(0);
    List<Long> committed = numbers.committed();
    assertThat(committed).hasSize((int) COUNT);
    assertThat(new HashSet<>(committed)).hasSize((int) COUNT);
    assertThat(committed).containsAll(LongStream.range(0, COUNT).boxed().toList());
    assertThat(numbers.open()).isEmpty();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(adminThreads()).as("left behind by a restart").isSubsetOf(before));
  }

  private static Set<Thread> adminThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kafka-admin-client-thread"))
        .collect(Collectors.toSet());
  }

  private void run(Sabotage.Kind kind, Sink<Long> sink, Optional<Path> from) throws Exception {
    Configuration flink = new Configuration();
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 5);
    flink.setString("restart-strategy.fixed-delay.delay", "100ms");
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    from.ifPresent(path -> flink.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
    try (var env = StreamExecutionEnvironment.createLocalEnvironment(2, flink)) {
      env.enableCheckpointing(200);
      env.fromSequence(0, COUNT - 1)
          .uid("numbers")
          .map(new Sabotage(kind, numbers))
          .uid("sabotage")
          .sinkTo(sink)
          .uid("sink");
      env.execute();
    }
  }

  private Path newestCheckpoint() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(file -> file.toFile().lastModified()))
          .orElseThrow()
          .getParent();
    }
  }
}
