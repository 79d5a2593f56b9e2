package io.eventpipeline.job.lease;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The statements on {@code job_lease}; each is a transaction of its own. */
final class LeaseTable implements AutoCloseable {
  private static final String TAKE =
      """
      INSERT INTO job_lease AS l (name, holder, epoch, host, since, expires_at)
      VALUES (?, ?, 1, ?, now(), now() + ? * interval '1 millisecond')
      ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder,
        epoch = l.epoch + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END,
        host = excluded.host,
        since = CASE WHEN l.holder = excluded.holder THEN l.since ELSE now() END,
        expires_at = excluded.expires_at
      WHERE l.holder = excluded.holder OR l.expires_at <= now()
      RETURNING epoch
      """;
  private static final String RENEW =
      """
      UPDATE job_lease SET expires_at = now() + ? * interval '1 millisecond'
      WHERE name = ? AND holder = ? AND epoch = ?
      """;
  private static final String HOLDER =
      """
      SELECT name, holder, host, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      FROM job_lease WHERE name = ANY (?) AND expires_at > now() ORDER BY name LIMIT 1
      """;
  private static final String TAKEN =
      "SELECT count(*) FROM job_lease WHERE name = ANY (?) AND holder = ?";

  private final Connection connection;
  private final LeaseTerms terms;

  LeaseTable(LeaseTerms terms) throws SQLException, IOException {
    this.terms = terms;
    this.connection = terms.connect();
  }

  /** A running job that has one of the names. */
  record Holder(String name, String job, String host, String since) {
    @Override
    public String toString() {
      return "job %s, which started on %s at %s and still runs, uses %s"
          .formatted(job, host, since, name);
    }
  }

  /** The epoch, or empty when another job holds it. */
  OptionalLong take(String name, String job, String host) throws SQLException {
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setString(1, name);
      take.setString(2, job);
      take.setString(3, host);
      take.setLong(4, terms.ttl().toMillis());
      try (ResultSet row = take.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  /** Whether it is still held in this epoch; held until {@code millis} from now then. */
  boolean renew(String name, String job, long epoch, long millis) throws SQLException {
    try (PreparedStatement renew = connection.prepareStatement(RENEW)) {
      renew.setLong(1, millis);
      renew.setString(2, name);
      renew.setString(3, job);
      renew.setLong(4, epoch);
      return renew.executeUpdate() == 1;
    }
  }

  /** Whoever holds one of the names now. */
  Optional<Holder> holder() throws SQLException {
    List<Holder> holders = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(HOLDER)) {
      query.setArray(1, connection.createArrayOf("text", terms.names().toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          holders.add(
              new Holder(
                  rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
        }
      }
    }
    return holders.stream().findFirst();
  }

  /** Whether this job was the last to have all of the names, whether it still runs or not. */
  boolean takenBy(String job) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(TAKEN)) {
      query.setArray(1, connection.createArrayOf("text", terms.names().toArray()));
      query.setString(2, job);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() && rows.getInt(1) == terms.names().size();
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
