package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What no restart cures ends the job, although its restart strategy has no end. */
@WithServices(Server.CLICKHOUSE)
@Timeout(90)
class ClickHouseFailedJobIT {
  private static final int ROWS = 1_000_000;

  /** Set by a job that has begun to read. */
  private static final AtomicBoolean READING = new AtomicBoolean();

  private final ServiceKit kit;
  private TestDatabase database;

  ClickHouseFailedJobIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void create() {
    database = new TestDatabase(kit.clickhouse(), "events_failed_it");
    database.readings("t", "MergeTree", 0);
    READING.set(false);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aRefusedRowWithNowhereToGo() throws Exception {
    Throwable failure = failureOfAJob(10_000);

    var refusal = ExceptionUtils.findThrowable(failure, ClickHouseRefusalException.class);
    assertThat(refusal).as("cause of %s", failure).isPresent();
    assertThat(refusal.get()).hasMessageContaining("is refused: ");
    assertThat(database.one("SELECT count() FROM events_failed_it.t WHERE id = 'bad-10000'"))
        .isEqualTo("0");
  }

  /** Its commit fails and makes a restart, which looks at the table and names it. */
  @Test
  void aTableThatWasDroppedWhileItRan() throws Exception {
    Thread operator =
        new Thread(
            () -> {
              while (!READING.get()) {
                LockSupport.parkNanos(1_000_000);
              }
              database.query("DROP TABLE events_failed_it.t SYNC");
            });
    operator.start();

    Throwable failure = failureOfAJob(ROWS);

    operator.join();
    var mismatch = ExceptionUtils.findThrowable(failure, TableMismatchException.class);
    assertThat(mismatch).as("cause of %s", failure).isPresent();
    assertThat(mismatch.get()).hasMessage("there is no table events_failed_it.t");
  }

  private Throwable failureOfAJob(int badRow) throws Exception {
    Configuration flink = ReadingsJob.restarting(Integer.MAX_VALUE);
    try (var env = StreamExecutionEnvironment.createLocalEnvironment(1, flink)) {
      env.enableCheckpointing(200);
      ReadingsJob.define(env, ROWS, new AtARate(badRow), database.config());
      return catchThrowable(env::execute);
    }
  }

  /** About 20,000 rows a second, so that the job would run for a minute. */
  private static final class AtARate extends RichMapFunction<Long, Reading> {
    private static final long serialVersionUID = 1L;
    private final int badRow;

    AtARate(int badRow) {
      this.badRow = badRow;
    }

    @Override
    public Reading map(Long number) {
      READING.set(true);
      if (number % 200 == 0) {
        LockSupport.parkNanos(10_000_000);
      }
      return number == badRow ? Reading.bad(number.intValue()) : Reading.of(number.intValue());
    }
  }
}
