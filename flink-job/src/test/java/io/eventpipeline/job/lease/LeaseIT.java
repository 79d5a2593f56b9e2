package io.eventpipeline.job.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.config.Secret;
import io.eventpipeline.job.StartRefusedException;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.services.PostgresServer;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithServices(Server.POSTGRES)
class LeaseIT {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PostgresServer postgres;
  private LeaseTerms terms;

  LeaseIT(ServiceKit kit) {
    this.postgres = kit.postgres();
  }

  @BeforeEach
  void aNameOfItsOwn() {
    String url = postgres.jdbcUrl(PostgresServer.DATABASE);
    Migrations.postgres(url, postgres.user(), postgres.password(), false);
    terms =
        new LeaseTerms(
            url,
            postgres.user(),
            new Secret(postgres.password()),
            Duration.ofSeconds(5),
            TTL,
            List.of("a prefix " + UUID.randomUUID(), "a group " + UUID.randomUUID()));
  }

  @Test
  void refusesASecondJobForAsLongAsTheFirstRuns() {
    try (Lease first = Lease.take(terms, "job-1")) {
      assertThatThrownBy(() -> Lease.awaitFree(terms))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("job job-1")
          .hasMessageContaining("a group");
      assertThatThrownBy(() -> Lease.take(terms, "job-2")).isInstanceOf(LeaseTakenException.class);
      assertThatCode(first::check).doesNotThrowAnyException();
    }
  }

  @Test
  void isHeldByEveryTaskOfTheSameJob() throws Exception {
    try (Lease one = Lease.take(terms, "job-1")) {
      Lease.take(terms, "job-1").close();

      assertThatThrownBy(() -> Lease.awaitFree(terms)).isInstanceOf(StartRefusedException.class);
      one.check();
    }
  }

  @Test
  void isFreeSoonWhenTheJobStops() throws Exception {
    LeaseTerms patient =
        new LeaseTerms(
            terms.url(),
            terms.user(),
            terms.password(),
            terms.timeout(),
            Duration.ofSeconds(10),
            terms.names());
    Lease.take(patient, "job-1").close();

    Instant begin = Instant.now();
    Lease.awaitFree(patient);

    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
    try (Lease second = Lease.take(patient, "job-2")) {
      second.check();
    }
  }

  @Test
  void isFreeAfterItsTimeWhenTheJobDied() throws Exception {
    try (LeaseTable table = new LeaseTable(terms)) {
      assertThat(table.take(terms.names().get(0), "dead", "somewhere")).hasValue(1);
    }

    Lease.awaitFree(terms);

    try (Lease successor = Lease.take(terms, "job-2")) {
      successor.check();
      // It wakes up: what it held is another's by now
      try (LeaseTable table = new LeaseTable(terms)) {
        assertThat(table.renew(terms.names().get(0), "dead", 1, 1_000)).isFalse();
        assertThat(table.take(terms.names().get(0), "dead", "somewhere")).isEmpty();
      }
    }
  }

  @Test
  void stopsAJobThatSleptWhileAnotherTookOver() throws Exception {
    try (Lease sleeper = Lease.take(terms, "job-1")) {
      try (var connection = terms.connect();
          var statement = connection.createStatement()) {
        statement.execute(
            "UPDATE job_lease SET holder = 'job-2', epoch = epoch + 1 WHERE name = '"
                + terms.names().get(1)
                + "'");
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThatThrownBy(sleeper::check)
                      .isInstanceOf(LeaseTakenException.class)
                      .hasMessageContaining("job-2"));
    }
  }

  @Test
  void doesNotKeepAJobFromRunningWhilePostgresIsAway() throws Exception {
    postgres.pause();
    LeaseTerms impatient =
        new LeaseTerms(
            terms.url(), terms.user(), terms.password(), Duration.ofSeconds(1), TTL, terms.names());
    try {
      Lease.awaitFree(impatient);
      Lease job = Lease.take(impatient, "job-1");
      job.check();
      postgres.resume();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                try (LeaseTable table = new LeaseTable(terms)) {
                  assertThat(table.holder()).map(LeaseTable.Holder::job).hasValue("job-1");
                }
              });
      job.close();
    } finally {
      postgres.resume();
    }
  }
}
