package io.eventpipeline.job.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the savepoint that {@link KeptSavepoint} keeps; run at each release, by {@code
 * -Dit.test=KeepSavepointIT -Dsavepoint.keep=true}.
 */
@EnabledIfSystemProperty(named = "savepoint.keep", matches = "true")
class KeepSavepointIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int BYTES_MAX = 70_000; // 100 KB as text

  @TempDir Path folder;

  @Test
  void takesOneOfTheJobAsItIs() throws Exception {
    try (var job = new SubmittedJob(folder, 1);
        var shoppers = new Shoppers(job.bootstrapServers());
        Admin kafka = Admin.create(Map.of("bootstrap.servers", job.bootstrapServers()))) {
      // No second checkpoint comes, so that nothing is committed before the savepoint
      job.onlyTheFirstCheckpoint();
      job.submit(1, Optional.empty());
      KeptSavepoint.events().forEach(event -> shoppers.send(KeptSavepoint.key(), event));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  job.written(Topics.ENRICHED) == KeptSavepoint.PROCESSED
                      && job.written(Topics.DEAD_LETTERS) == 1);
      Instant taken = Instant.now();
      String transaction = openTransaction(kafka);

      Path savepoint = job.savepoint(false, "CANONICAL");

      try (Stream<Path> files = Files.list(savepoint)) {
        assertThat(files).as("small enough for one file").hasSize(1);
      }
      byte[] metadata = Files.readAllBytes(savepoint.resolve("_metadata"));
      assertThat(metadata.length).isLessThan(BYTES_MAX);
      new KeptSavepoint(taken, transaction, metadata).write();
      assertThat(KeptSavepoint.read().metadata()).isEqualTo(metadata);
    }
  }

  private static String openTransaction(Admin kafka) throws Exception {
    List<String> ids =
        kafka
            .listTransactions(
                new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
            .all()
            .get()
            .stream()
            .map(one -> one.transactionalId())
            .toList();
    assertThat(ids).hasSize(1);
    TransactionDescription open = kafka.describeTransactions(ids).description(ids.get(0)).get();
    return ids.get(0) + "/" + open.producerId() + "/" + open.producerEpoch();
  }
}
