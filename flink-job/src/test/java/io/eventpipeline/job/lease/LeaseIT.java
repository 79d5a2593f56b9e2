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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

@WithServices(Server.POSTGRES)
@Execution(ExecutionMode.CONCURRENT) // most of it is waiting
class LeaseIT {
  private static final Duration TTL = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Postgres, which some pause. */
  private static final String RUNNING = "postgres runs";

  private final PostgresServer postgres;
  private LeaseTerms terms;

  LeaseIT(ServiceKit kit) {
    this.postgres = kit.postgres();
  }

  @BeforeAll
  static void migrate(ServiceKit kit) {
    PostgresServer postgres = kit.postgres();
    Migrations.postgres(
        postgres.jdbcUrl(PostgresServer.DATABASE), postgres.user(), postgres.password(), false);
  }

  @BeforeEach
  void aNameOfItsOwn() {
    terms =
        new LeaseTerms(
            postgres.jdbcUrl(PostgresServer.DATABASE),
            postgres.user(),
            new Secret(postgres.password()),
            Duration.ofSeconds(5),
            TTL,
            List.of("a prefix " + UUID.randomUUID(), "a group " + UUID.randomUUID()));
  }

  @Test
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
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
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
  void isHeldByEveryTaskOfTheSameJob() throws Exception {
    try (Lease one = Lease.take(terms, "job-1")) {
      Lease.take(terms, "job-1").close();

      assertThatThrownBy(() -> Lease.awaitFree(terms)).isInstanceOf(StartRefusedException.class);
      one.check();
    }
  }

  @Test
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
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
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
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
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
  void isRenewedByTheJobThatTookItLastAndOnlyAsItDidThen() throws Exception {
    String name = terms.names().get(0);
    try (LeaseTable table = new LeaseTable(terms)) {
      assertThat(table.take(name, "job-1", "here")).hasValue(1);
      assertThat(table.renew(name, "job-1", 1, -1)).as("so that it is over").isTrue();
      assertThat(table.take(name, "job-2", "here")).hasValue(2);
      assertThat(table.renew(name, "job-2", 2, -1)).isTrue();
      assertThat(table.take(name, "job-1", "here")).hasValue(3);
      assertThat(table.take(name, "job-1", "there")).as("another task of it").hasValue(3);

      assertThat(table.renew(name, "job-1", 1, 1_000)).as("a task that slept").isFalse();
      assertThat(table.renew(name, "job-2", 3, 1_000)).as("the other job").isFalse();
      assertThat(table.renew(name, "job-1", 3, 1_000)).isTrue();
    }
  }

  @Test
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
  void knowsTheJobThatHadItLast() throws Exception {
    assertThat(Lease.wasTakenBy(terms, "job-1")).as("before its first start").isFalse();
    try (LeaseTable table = new LeaseTable(terms)) {
      for (String name : terms.names()) {
        assertThat(table.take(name, "job-1", "here")).hasValue(1);
        assertThat(table.renew(name, "job-1", 1, -1)).as("so that it is over").isTrue();
      }
      assertThat(Lease.wasTakenBy(terms, "job-1")).isTrue();
      assertThat(Lease.wasTakenBy(terms, "job-2")).isFalse();

      assertThat(table.take(terms.names().get(1), "job-2", "here")).hasValue(2);

      assertThat(Lease.wasTakenBy(terms, "job-1")).as("it lacks one of the names").isFalse();
    }
  }

  @Test
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
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
  @ResourceLock(RUNNING)
  void letsNoJobStartWhilePostgresDoesNotAnswer() throws Exception {
    postgres.pause();
    try {
      Instant begin = Instant.now();
      assertThatThrownBy(() -> Lease.awaitFree(impatient()))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("does not say whether another job runs");
      assertThat(Duration.between(begin, Instant.now()))
          .as("a restart of Postgres is waited for")
          .isGreaterThan(TTL);
    } finally {
      postgres.resume();
    }
    Lease.awaitFree(terms);
  }

  @Test
  @ResourceLock(RUNNING)
  void startsWhenPostgresComesBackInTime() throws Exception {
    LeaseTerms patient =
        new LeaseTerms(
            terms.url(),
            terms.user(),
            terms.password(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            terms.names());
    postgres.pause();
    try {
      var start = CompletableFuture.runAsync(() -> awaitFree(patient));
      assertThatThrownBy(() -> start.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

      postgres.resume();

      start.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      postgres.resume();
    }
  }

  @Test
  @ResourceLock(value = RUNNING, mode = ResourceAccessMode.READ)
  void namesTheMigrationsWhenTheTableIsMissing() {
    LeaseTerms elsewhere =
        new LeaseTerms(
            postgres.jdbcUrl("postgres"),
            terms.user(),
            terms.password(),
            terms.timeout(),
            Duration.ofMinutes(1),
            terms.names());

    assertThatThrownBy(() -> Lease.awaitFree(elsewhere))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("run the migrations first");
  }

  @Test
  @ResourceLock(RUNNING)
  void keepsAJobRunningThroughAnOutageOfPostgres() throws Exception {
    try (Lease job = Lease.take(impatient(), "job-1")) {
      postgres.pause();
      try {
        await().during(TTL.multipliedBy(2)).atMost(PATIENCE).untilAsserted(job::check);
        Lease.take(impatient(), "job-1").close(); // a task that Flink restarts meanwhile
      } finally {
        postgres.resume();
      }
      awaitHolder("job-1");
      job.check();
    }
  }

  @Test
  @ResourceLock(RUNNING)
  void takesTheLeaseOfAJobThatRunsWithoutAsSoonAsPostgresAnswers() throws Exception {
    postgres.pause();
    try {
      try (Lease job = Lease.take(impatient(), "job-1")) {
        job.check();
        postgres.resume();
        awaitHolder("job-1");
      }
    } finally {
      postgres.resume();
    }
  }

  @Test
  @ResourceLock(RUNNING)
  void stopsAJobThatRanWithoutWhenAnotherHasTheName() throws Exception {
    Lease other = Lease.take(terms, "job-2");
    postgres.pause();
    try {
      try (Lease job = Lease.take(impatient(), "job-1")) {
        job.check();
        postgres.resume();
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(List.of(job, other))
                        .filteredOn(LeaseIT::isLost)
                        .as("one of the two stops")
                        .hasSize(1));
      }
    } finally {
      postgres.resume();
      other.close();
    }
  }

  private static boolean isLost(Lease lease) {
    try {
      lease.check();
      return false;
    } catch (LeaseTakenException e) {
      return true;
    }
  }

  private LeaseTerms impatient() {
    return new LeaseTerms(
        terms.url(), terms.user(), terms.password(), Duration.ofSeconds(1), TTL, terms.names());
  }

  private static void awaitFree(LeaseTerms terms) {
    try {
      Lease.awaitFree(terms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void awaitHolder(String job) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              try (LeaseTable table = new LeaseTable(terms)) {
                assertThat(table.holder()).map(LeaseTable.Holder::job).hasValue(job);
              }
            });
  }
}
