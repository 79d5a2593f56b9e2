package io.eventpipeline.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.config.Secret;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.registry.RegistryConfig.ClickHouse;
import io.eventpipeline.registry.RegistryConfig.Login;
import io.eventpipeline.registry.RegistryConfig.Sample;
import io.eventpipeline.services.ClickHouseServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** The product's own tables in the kit's ClickHouse, and statements to it. */
final class TestWarehouse {
  static final Sample BOUNDS =
      new Sample(100_000, 10_000_000, 1_000_000_000, Duration.ofSeconds(20));

  private final ClickHouseServer server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  TestWarehouse(ClickHouseServer server) {
    this.server = server;
    Migrations.clickhouse(
        server.httpUrl(), ClickHouseServer.ADMIN, server.password(ClickHouseServer.ADMIN));
  }

  ClickHouse config(Sample bounds) {
    return new ClickHouse(
        server.httpUrl(),
        "events",
        login(ClickHouseServer.ANALYST),
        Optional.of(login(ClickHouseServer.REGISTRY)),
        bounds);
  }

  private Login login(String user) {
    return new Login(user, new Secret(server.password(user)));
  }

  /** Inserts arrivals, as the job's user. */
  void arrive(String select) throws IOException, InterruptedException {
    run(
        ClickHouseServer.PIPELINE,
        "INSERT INTO events.events_raw (event_id, source, event_type, store_id, received_at,"
            + " src_offset, payload) "
            + select);
  }

  /** Inserts one row as the job does: naming its columns, with its settings. */
  void process(String id, String type, String data) throws IOException, InterruptedException {
    run(
        ClickHouseServer.PIPELINE,
        "INSERT INTO events.events_processed (event_id, source, event_type, event_time, store_id,"
            + " data) SETTINGS input_format_try_infer_dates = 0, input_format_try_infer_datetimes ="
            + " 0, json_type_escape_dots_in_keys = 1, type_json_skip_duplicated_paths = 1"
            + " FORMAT JSONEachRow {\"event_id\":\""
            + id
            + "\",\"source\":\"/it\",\"event_type\":\""
            + type
            + "\",\"event_time\":\"2026-11-01 10:00:00\",\"store_id\":\"store-1\",\"data\":"
            + data
            + "}");
  }

  /** What the analyst reads. */
  String ask(String sql) throws IOException, InterruptedException {
    return run(ClickHouseServer.ANALYST, sql).strip();
  }

  private String run(String user, String sql) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    server.httpUrl()
                        + "/?user="
                        + user
                        + "&password="
                        + URLEncoder.encode(server.password(user), UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.body());
    }
    return response.body();
  }
}
