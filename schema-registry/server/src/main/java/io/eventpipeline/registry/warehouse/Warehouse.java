package io.eventpipeline.registry.warehouse;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.eventpipeline.registry.Problem;
import io.eventpipeline.registry.RegistryConfig.ClickHouse;
import io.eventpipeline.registry.RegistryConfig.Login;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ClickHouse over HTTP, by its own client, as two users: one who only reads, and one who may add
 * columns. Connects when it is first asked, so the registry starts without it. Blocks: call it on a
 * worker thread. Thread-safe.
 */
public final class Warehouse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

  /** Names of columns are answered from memory; the publication of a version waits for them. */
  private static final Duration METADATA_TIME_MAX = Duration.ofSeconds(3);

  private static final Duration STATEMENT_TIME_MAX = Duration.ofSeconds(40);

  /** TOO_MANY_ROWS, TIMEOUT_EXCEEDED, MEMORY_LIMIT_EXCEEDED, TOO_MANY_BYTES, and of the result. */
  private static final Set<Integer> LIMITS = Set.of(158, 159, 241, 307, 396);

  private final ClickHouse config;
  private final Client metadata;
  private final Client reader;
  private final Client owner;

  public Warehouse(ClickHouse config) {
    this.config = config;
    this.metadata = client(config, config.reader(), METADATA_TIME_MAX);
    this.reader = client(config, config.reader(), config.sample().timeMax().plusSeconds(5));
    this.owner =
        config.owner().map(login -> client(config, login, STATEMENT_TIME_MAX)).orElse(null);
  }

  private static Client client(ClickHouse config, Login login, Duration silenceMax) {
    return new Client.Builder()
        .addEndpoint(config.url())
        .setUsername(login.user())
        .setPassword(login.password().value())
        .setDefaultDatabase(config.database())
        .setConnectTimeout(3_000, ChronoUnit.MILLIS)
        .setSocketTimeout(silenceMax.toMillis(), ChronoUnit.MILLIS)
        .setMaxRetries(0)
        .compressServerResponse(false)
        .build();
  }

  /** What the sample may cost, and where everything is. */
  ClickHouse config() {
    return config;
  }

  /**
   * Reads an answer row by row, in constant memory.
   *
   * @param values of the query's {@code {name:Type}} parameters
   * @param limits settings of ClickHouse for this query
   * @param row takes a row and says whether it wants another
   * @throws Problem SAMPLE_TOO_LARGE when a limit was exceeded, else CLICKHOUSE_UNAVAILABLE
   */
  void read(
      String sql,
      Map<String, Object> values,
      Map<String, String> limits,
      Predicate<ClickHouseBinaryFormatReader> row) {
    read(reader, sql, values, limits, row);
  }

  /** As {@link #read}, for tables of the system: answered, or not, within seconds. */
  void readMetadata(
      String sql, Map<String, Object> values, Predicate<ClickHouseBinaryFormatReader> row) {
    read(metadata, sql, values, Map.of(), row);
  }

  private static void read(
      Client client,
      String sql,
      Map<String, Object> values,
      Map<String, String> limits,
      Predicate<ClickHouseBinaryFormatReader> row) {
    QuerySettings settings =
        new QuerySettings().setFormat(ClickHouseFormat.RowBinaryWithNamesAndTypes);
    limits.forEach(settings::serverSetting);
    ask(
        () -> {
          try (QueryResponse response = client.query(sql, values, settings).get();
              ClickHouseBinaryFormatReader rows = client.newBinaryFormatReader(response)) {
            boolean more = true;
            while (more && rows.next() != null) {
              more = row.test(rows);
            }
          }
        });
  }

  /** Runs a statement as the owner. */
  void execute(String ddl) {
    if (owner == null) {
      throw new Problem(
          Problem.Code.CLICKHOUSE_NOT_CONFIGURED,
          "clickhouse.owner is not configured: let somebody who may alter tables run the DDL");
    }
    ask(() -> owner.execute(ddl).get().close());
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  private static void ask(Call call) {
    try {
      call.run();
    } catch (Problem e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    } catch (ExecutionException e) {
      throw problem(e.getCause());
    } catch (Exception e) {
      throw problem(e);
    }
  }

  private static Problem problem(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof ServerException server && LIMITS.contains(server.getCode())) {
        return new Problem(
            Problem.Code.SAMPLE_TOO_LARGE,
            "ClickHouse would have to read more than is allowed: ask for fewer events or a shorter"
                + " time");
      }
    }
    if (thrown instanceof RuntimeException defect && !(thrown instanceof ClickHouseException)) {
      throw defect;
    }
    return unavailable(thrown);
  }

  /** The server's words are for the log: they can quote the query and the data. */
  private static Problem unavailable(Throwable thrown) {
    LOG.warn("ClickHouse: {}", thrown.toString());
    return new Problem(
        Problem.Code.CLICKHOUSE_UNAVAILABLE,
        thrown instanceof ServerException server
            ? "ClickHouse refused the query with code " + server.getCode()
            : "ClickHouse does not answer");
  }

  @Override
  public void close() {
    metadata.close();
    reader.close();
    if (owner != null) {
      owner.close();
    }
  }
}
