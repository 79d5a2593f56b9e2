package io.eventpipeline.job.lease;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * What is leased, and where that is written down.
 *
 * @param url JDBC, of the Postgres database that has the table {@code job_lease}
 * @param timeout for connecting and for each answer
 * @param ttl how long a holder that died keeps others away
 * @param names what only one job may use at a time
 */
public record LeaseTerms(
    String url, String user, Secret password, Duration timeout, Duration ttl, List<String> names)
    implements Serializable {

  /** One connection, of the driver that is in the job's jar: DriverManager may know another. */
  Connection connect() throws SQLException, IOException {
    String seconds = String.valueOf(Math.max(1, timeout.toSeconds()));
    Properties settings = new Properties();
    settings.setProperty("user", user);
    settings.setProperty("password", password.value());
    settings.setProperty("connectTimeout", seconds);
    settings.setProperty("socketTimeout", seconds);
    settings.setProperty("loginTimeout", seconds);
    settings.setProperty("ApplicationName", "job-lease");
    Connection connection = new Driver().connect(url, settings);
    if (connection == null) {
      throw new IOException("not a URL of Postgres: " + url);
    }
    return connection;
  }
}
