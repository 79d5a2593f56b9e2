package io.eventpipeline.registry;

import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.ClickHouse;
import io.eventpipeline.registry.RegistryConfig.Http;
import io.eventpipeline.registry.RegistryConfig.Postgres;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.RegistryConfig.Token;
import io.eventpipeline.services.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A registry server on a database of its own, and requests to it. */
final class TestRegistry implements AutoCloseable {
  static final String WRITE = "Bearer write-token-1";

  /** May write {@code team.*} and {@code sh*d} only. */
  static final String TEAM = "Bearer team-token-1";

  static final String READ = "Bearer read-token-1";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final RegistryConfig config;
  private RegistryServer server;

  private TestRegistry(RegistryConfig config) {
    this.config = config;
    this.server = RegistryServer.start(config);
  }

  /** Starts on a new, empty database. */
  static TestRegistry start(PostgresServer postgres) throws SQLException {
    return start(newDatabase(postgres));
  }

  static TestRegistry start(RegistryConfig config) {
    return new TestRegistry(config);
  }

  /** On a new database, beside a ClickHouse. */
  static TestRegistry start(PostgresServer postgres, ClickHouse clickhouse) throws SQLException {
    RegistryConfig alone = newDatabase(postgres);
    return start(
        new RegistryConfig(
            alone.http(), alone.postgres(), alone.tokens(), Optional.of(clickhouse)));
  }

  /** What the server keeps its schemas in, as the user that it is there. */
  DataSource database() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(config.postgres().url());
    database.setUser(config.postgres().user());
    database.setPassword(config.postgres().password().value());
    return database;
  }

  /** Another server on the same database. */
  TestRegistry another() {
    return new TestRegistry(config);
  }

  static RegistryConfig newDatabase(PostgresServer postgres) throws SQLException {
    String name = "registry_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection =
            DriverManager.getConnection(
                postgres.jdbcUrl("postgres"), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return new RegistryConfig(
        new Http("127.0.0.1", 0),
        new Postgres(postgres.jdbcUrl(name), postgres.user(), new Secret(postgres.password()), 4),
        List.of(
            new Token("owner", new Secret("write-token-1"), Rights.WRITE),
            new Token("reader", new Secret("read-token-1"), Rights.READ),
            new Token(
                "team", new Secret("team-token-1"), Rights.WRITE, List.of("team.*", "sh*d"))));
  }

  /** An answer with its body as JSON; {@code null} when there is none. */
  record Reply(HttpResponse<String> raw, JsonNode json) {
    int status() {
      return raw.statusCode();
    }

    String code() {
      return json == null ? "" : json.path("code").asString("");
    }

    /** The error code of the other dialect; 0 when there is none. */
    int errorCode() {
      return json == null ? 0 : json.path("error_code").asInt(0);
    }

    String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** The sum of a metric's series that have this label; {@code ""} for all. */
  double metric(String name, String label) throws IOException, InterruptedException {
    return get("/metrics")
        .raw()
        .body()
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  Reply get(String path, String... headers) throws IOException, InterruptedException {
    return send(request(path, headers).GET());
  }

  Reply register(String type, String schema) throws IOException, InterruptedException {
    return post("{\"type\":\"" + type + "\",\"schema\":" + schema + "}");
  }

  Reply post(String body) throws IOException, InterruptedException {
    return post(body, "Authorization", WRITE, "Content-Type", "application/json");
  }

  Reply post(String body, String... headers) throws IOException, InterruptedException {
    return send(request("/schemas", headers).POST(BodyPublishers.ofString(body)));
  }

  /** Sends JSON with the writer's token; {@code null} sends no body. */
  Reply call(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path, "Authorization", WRITE)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** Sends, and holds the answer against the API's document. */
  Reply send(HttpRequest.Builder builder) throws IOException, InterruptedException {
    return read(HTTP.send(builder.build(), BodyHandlers.ofString()));
  }

  /** Posts JSON with the writer's token, and waits for nothing. */
  CompletableFuture<Reply> later(String path, String body) {
    HttpRequest request =
        request(path, "Authorization", WRITE, "Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(TestRegistry::read);
  }

  private static Reply read(HttpResponse<String> response) {
    ApiDocument.INSTANCE.check(response.request(), response);
    String type = response.headers().firstValue("Content-Type").orElse("");
    return new Reply(response, type.contains("json") ? JSON.readTree(response.body()) : null);
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(30));
    return headers.length == 0 ? request.header("Authorization", READ) : request.headers(headers);
  }

  void stop() {
    server.close();
  }

  /** Starts again on the same database and port. */
  void restart() {
    int port = server.port();
    server =
        RegistryServer.start(
            new RegistryConfig(
                new Http("127.0.0.1", port),
                config.postgres(),
                config.tokens(),
                config.clickhouse()));
  }

  @Override
  public void close() {
    server.close();
  }
}
