package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server that refuses inserts: blocks wait for as long as it does, then land once. */
@WithServices(Server.CLICKHOUSE)
class ClickHouseFaultsIT {
  private static final String TABLE = "events_faults_it.t";

  private final ServiceKit kit;
  private final SinkMetrics metrics = new SinkMetrics();
  private TestDatabase database;
  private HttpServerClient server;

  ClickHouseFaultsIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void connect() {
    database = new TestDatabase(kit.clickhouse(), "events_faults_it");
    server = new HttpServerClient(database.config());
    database.readings("t", "MergeTree", 0);
  }

  @AfterEach
  void disconnect() {
    server.close();
    database.close();
  }

  @Test
  void waitsWhileThereAreTooManyParts() throws Exception {
    land(block(), false);
    land(block(), false);
    waitsThrough(
        252,
        "ALTER TABLE " + TABLE + " MODIFY SETTING parts_to_throw_insert = 2",
        "ALTER TABLE " + TABLE + " RESET SETTING parts_to_throw_insert");
    assertThat(database.count("t")).isEqualTo(3 * 10_000);
  }

  @Test
  void waitsWhileMemoryIsShort() throws Exception {
    // 10,000 rows times 700 kB is more than any limit of the test's server
    waitsThrough(
        241,
        "ALTER TABLE " + TABLE + " ADD COLUMN hog UInt64 MATERIALIZED length(repeat(id, 100000))",
        "ALTER TABLE " + TABLE + " DROP COLUMN hog");
    assertThat(database.count("t")).isEqualTo(10_000);
  }

  @Test
  void waitsWhileTheTableIsReadOnly() throws Exception {
    waitsThrough(
        774,
        "ALTER TABLE " + TABLE + " MODIFY SETTING table_readonly = 1",
        "ALTER TABLE " + TABLE + " MODIFY SETTING table_readonly = 0");
    assertThat(database.count("t")).isEqualTo(10_000);
  }

  @Test
  void waitsWhileTheServerStandsStill() throws Exception {
    Block block = block();
    kit.clickhouse().pause();
    CompletableFuture<Void> landing;
    try (var impatient = new HttpServerClient(database.config(Duration.ofSeconds(3)))) {
      try {
        landing = landing(impatient, block);
        // Longer than the time after which an insert without an answer is in doubt
        await().atMost(Duration.ofMinutes(1)).until(() -> metrics.doubts.sum() > 0);
      } finally {
        kit.clickhouse().resume();
      }

      landing.get(2, TimeUnit.MINUTES);
    }

    assertThat(database.one("SELECT count(), uniqExact(id) FROM " + TABLE))
        .isEqualTo("10000\t10000");
  }

  @Test
  void stopsAtAMissingColumnAndLosesNothing() throws Exception {
    Block block = block();
    database.query("ALTER TABLE " + TABLE + " DROP COLUMN value");

    assertThatThrownBy(() -> land(block, false))
        .isInstanceOf(BlockFailure.class)
        .hasMessageContaining("cannot land")
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(ErrorClass.STOP);

    database.query("ALTER TABLE " + TABLE + " ADD COLUMN value UInt8");
    land(block, true); // as the job does when it is restored
    assertThat(database.count("t")).isEqualTo(10_000);
  }

  @Test
  void givesUpOnADroppedTableAndLandsInANewOne() throws Exception {
    Block block = block();
    database.query("DROP TABLE " + TABLE + " SYNC");

    assertThatThrownBy(() -> land(block, true))
        .isInstanceOf(BlockFailure.class)
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(ErrorClass.RESTART);

    database.readings("t", "MergeTree", 0);
    land(block, true);
    assertThat(database.count("t")).isEqualTo(10_000);
  }

  /** The fault refuses inserts with {@code code}; a block waits for its cure. */
  private void waitsThrough(int code, String fault, String cure) throws Exception {
    Block block = block();
    database.query(fault);
    assertThatThrownBy(() -> server.insert(block, "probe-" + commitId(), 0, block.body(), 10_000))
        .isInstanceOf(BlockFailure.class)
        .extracting(e -> ((BlockFailure) e).code())
        .isEqualTo(code);

    var landing = landing(server, block);
    await()
        .atMost(Duration.ofMinutes(1))
        .during(Duration.ofSeconds(2))
        .until(() -> !landing.isDone());
    assertThat(metrics.doubts.sum()).isEqualTo(1);
    database.query(cure);

    landing.get(2, TimeUnit.MINUTES);
    assertThat(metrics.rejectedRows.sum()).isZero();
  }

  private CompletableFuture<Void> landing(HttpServerClient through, Block block) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            lander(through).land(block, false);
          } catch (BlockFailure | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void land(Block block, boolean inDoubt) throws BlockFailure, InterruptedException {
    lander(server).land(block, inDoubt);
  }

  private BlockLander lander(HttpServerClient through) {
    return new BlockLander(through, database.config(), metrics, Rejections.STOP);
  }

  private static Block block() {
    return Blocks.of("t", commitId(), 10_000);
  }

  private static String commitId() {
    return String.format("%013d-it-%s", System.currentTimeMillis(), UUID.randomUUID());
  }
}
