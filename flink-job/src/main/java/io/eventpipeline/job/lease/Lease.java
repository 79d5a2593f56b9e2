package io.eventpipeline.job.lease;

import io.eventpipeline.job.StartRefusedException;
import io.eventpipeline.job.kafka.Ownership;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names that this job alone uses, for as long as it renews them.
 *
 * <p><b>Guarantee.</b> Of two jobs that are started with one name and reach the same Postgres, the
 * second is refused while the first runs. A job that Flink restarts or recovers keeps its id and so
 * its lease. One that was submitted anew, after its JobManager died, waits until the tasks of the
 * old one have let go ({@code ttl} / 2), or {@code ttl} after their last renewal when they died
 * too.
 *
 * <p><b>While Postgres does not answer</b> no job is started: nobody could say that it is the only
 * one. A job that runs goes on, restarts included, and stops when Postgres is back and another has
 * its name. A job whose start had been allowed seconds before Postgres went away runs without a
 * lease until then; meanwhile Kafka still fences all but the newest producer of an id.
 *
 * <p>One thread renews; {@link #check} may be called on any.
 */
public final class Lease implements Ownership.Claim {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final int RENEWALS = 4; // tries before the time is over
  private static final String NO_TABLE = "42P01"; // undefined_table
  private static final Duration POLL = Duration.ofMillis(250);

  private final LeaseTerms terms;
  private final String job;
  private final String host = host();
  private final Map<String, Long> epochs = new HashMap<>();
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "job-lease");
            thread.setDaemon(true);
            return thread;
          });
  private volatile LeaseTakenException lost;
  private boolean silent;

  private Lease(LeaseTerms terms, String job) {
    this.terms = terms;
    this.job = job;
  }

  /**
   * For the program that submits a job: returns when nobody holds the names.
   *
   * @throws StartRefusedException when a running job holds one for longer than a dead one could,
   *     Postgres does not answer for as long, or it has no leases
   */
  public static void awaitFree(LeaseTerms terms) throws InterruptedException {
    Instant deadline = Instant.now().plus(terms.ttl()).plusSeconds(1);
    while (true) {
      StartRefusedException refusal;
      try (LeaseTable table = new LeaseTable(terms)) {
        Optional<LeaseTable.Holder> holder = table.holder();
        if (holder.isEmpty()) {
          return;
        }
        refusal =
            new StartRefusedException(
                new LeaseTakenException(holder.get().toString()).getMessage());
      } catch (SQLException | IOException e) {
        if (hasNoTable(e)) {
          throw new StartRefusedException(
              "Postgres at %s has no table job_lease: run the migrations first"
                  .formatted(terms.url()),
              e);
        }
        refusal =
            new StartRefusedException(
                "Postgres at %s does not say whether another job runs under the same names: %s"
                    .formatted(terms.url(), e.getMessage()),
                e);
      }
      if (Instant.now().isAfter(deadline)) {
        throw refusal;
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private static boolean hasNoTable(Exception e) {
    return e instanceof SQLException sql && NO_TABLE.equals(sql.getSQLState());
  }

  /**
   * Whether this job was the last to have the names: it ran before, and no other since. Waits for
   * Postgres as long as it takes.
   *
   * @param job Flink's job id
   */
  public static boolean wasTakenBy(LeaseTerms terms, String job) throws InterruptedException {
    boolean said = false;
    while (true) {
      try (LeaseTable table = new LeaseTable(terms)) {
        return table.takenBy(job);
      } catch (SQLException | IOException e) {
        if (hasNoTable(e)) {
          return false; // nobody took anything; the start says what is missing
        }
        if (!said) {
          LOG.warn(
              "the job waits for Postgres at {}, which does not say whether it ran before: {}",
              terms.url(),
              e.getMessage());
        }
        said = true;
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  /**
   * Takes the names and renews them from now on.
   *
   * @param job Flink's job id
   * @throws LeaseTakenException when another job holds one
   */
  public static Lease take(LeaseTerms terms, String job) {
    Lease lease = new Lease(terms, job);
    lease.renew();
    try {
      lease.check();
    } catch (LeaseTakenException e) {
      lease.renewal.shutdownNow();
      throw e;
    }
    long period = terms.ttl().toMillis() / RENEWALS;
    var unused =
        lease.renewal.scheduleWithFixedDelay(lease::renew, period, period, TimeUnit.MILLISECONDS);
    return lease;
  }

  private synchronized void renew() {
    try (LeaseTable table = new LeaseTable(terms)) {
      for (String name : terms.names()) {
        Long epoch = epochs.get(name);
        if (epoch == null) {
          OptionalLong taken = table.take(name, job, host);
          if (taken.isEmpty()) {
            lost = new LeaseTakenException(describe(table, name));
            return;
          }
          epochs.put(name, taken.getAsLong());
        } else if (!table.renew(name, job, epoch, terms.ttl().toMillis())) {
          lost = new LeaseTakenException(describe(table, name));
          return;
        }
      }
      silent = false;
    } catch (SQLException | IOException e) {
      if (!silent) {
        LOG.warn("the lease is not renewed, Postgres does not answer: {}", e.getMessage());
      }
      silent = true;
    }
  }

  private static String describe(LeaseTable table, String name) throws SQLException {
    return table.holder().map(LeaseTable.Holder::toString).orElse("another job used " + name);
  }

  @Override
  public void check() {
    if (lost != null) {
      throw lost;
    }
  }

  /**
   * Lets go in half the time that a death would take: until then, other tasks of the same job that
   * still run have renewed it.
   */
  @Override
  public void close() {
    renewal.shutdownNow();
    synchronized (this) {
      if (lost != null || silent) {
        return;
      }
      try (LeaseTable table = new LeaseTable(terms)) {
        for (Map.Entry<String, Long> held : epochs.entrySet()) {
          table.renew(held.getKey(), job, held.getValue(), terms.ttl().toMillis() / 2);
        }
      } catch (SQLException | IOException e) {
        LOG.warn("the lease is not given back and ends by itself: {}", e.getMessage());
      }
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown host";
    }
  }
}
