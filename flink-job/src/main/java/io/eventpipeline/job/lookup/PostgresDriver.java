package io.eventpipeline.job.lookup;

import java.sql.SQLException;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver of Postgres in the job's jar, which a process that outlives the job must let go. */
public final class PostgresDriver {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresDriver.class);

  private PostgresDriver() {}

  /**
   * Takes it out of the JDK's list of drivers, which would keep every class of this job in memory:
   * a TaskManager that is given one job after the other would run out of metaspace. To be called
   * when nobody connects any more; does nothing when it is not in the list, or when the job's
   * classes are the process's own, as in Flink's lib directory: those stay, and are used again.
   */
  public static void release() {
    if (PostgresDriver.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
      return;
    }
    try {
      if (Driver.isRegistered()) {
        Driver.deregister();
      }
    } catch (SQLException e) {
      LOG.warn("the classes of this job stay in memory: {}", e.getMessage());
    }
  }
}
