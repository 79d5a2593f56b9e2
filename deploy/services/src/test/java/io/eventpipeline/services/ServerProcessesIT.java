package io.eventpipeline.services;

import static io.eventpipeline.services.Server.CLICKHOUSE;
import static io.eventpipeline.services.Server.FLINK;
import static io.eventpipeline.services.Server.KAFKA;
import static io.eventpipeline.services.Server.POSTGRES;
import static io.eventpipeline.services.Server.REDIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract with processes, and what only processes have. */
@WithServices({KAFKA, REDIS, POSTGRES, CLICKHOUSE, FLINK})
class ServerProcessesIT extends ServerContract {
  private ServiceKit kit;

  @BeforeEach
  void take(ServiceKit shared) {
    kit = shared;
  }

  @Override
  ServiceKit kit() {
    return kit;
  }

  @Test
  void psTellsWhichIsWhich() throws IOException {
    for (Service service : kit.services()) {
      String commandLine =
          Files.readString(Path.of("/proc/" + service.pid().getAsLong() + "/cmdline"));
      assertThat(commandLine).contains(service.name());
    }
  }

  @Test
  void eachLeadsASessionOfItsOwn() throws IOException {
    for (Service service : kit.services()) {
      long pid = service.pid().getAsLong();
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1);
      assertThat(fields[3]).as("session of " + service.name()).isEqualTo(Long.toString(pid));
    }
  }

  @Test
  void nothingListensBeyondTheLoopbackInterface() throws IOException {
    for (Service service : kit.services()) {
      Set<String> addresses = Listeners.of(service.pid().getAsLong());
      assertThat(addresses)
          .as(service.name())
          .isNotEmpty()
          .allMatch(address -> address.equals("127.0.0.1") || address.equals("::ffff:127.0.0.1"));
    }
  }

  @Test
  void logsOfTheRunBeforeAreKept() throws IOException {
    RedisServer redis = kit.redis();
    redis.restart();

    Path before = redis.log().resolveSibling(redis.log().getFileName() + ".1");
    assertThat(Files.readString(before)).contains("Ready to accept connections");
    assertThat(Files.readString(redis.log())).contains("Ready to accept connections");
  }

  @Test
  void testsDoNotWaitForTheDisk() throws Exception {
    try (var connection = connect(kit.postgres())) {
      assertThat(ask(connection, "SHOW fsync")).isEqualTo("off");
    }
  }

  /** An insert or merge on a full disk is acknowledged and lost by this engine. */
  @Test
  void clickHouseTakesNothingWhenTheDiskIsAlmostFull() throws Exception {
    assertThat(query(kit.clickhouse(), "admin", "SELECT keep_free_space FROM system.disks"))
        .isEqualTo("268435456\n");
  }

  @Test
  void flinkTaskManagerComesBackAfterAKill() {
    killAndStart(kit.flink().taskManagers().get(0));

    awaitSlots(4);
  }

  @Test
  void flinkTaskManagersFindTheNewJobManager() {
    killAndStart(kit.flink().jobManager());

    awaitSlots(4);
    await().atMost(Duration.ofSeconds(30)).until(kit.flink().taskManagers().get(0)::healthy);
  }

  private void awaitSlots(int slots) {
    URI overview = URI.create(kit.flink().restUrl() + "/overview");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> Probe.body(overview).orElse(""),
            body -> body.contains("\"slots-total\":" + slots));
  }
}
