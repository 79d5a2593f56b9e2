package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

@WithServices(Server.POSTGRES)
class UpgradeIT {
  @Test
  void keepsWhatTheFirstTablesHeld(ServiceKit kit) throws Exception {
    RegistryConfig config = TestRegistry.newDatabase(kit.postgres());
    RegistryConfig.Postgres database = config.postgres();
    Flyway.configure()
        .dataSource(database.url(), database.user(), database.password().value())
        .defaultSchema("registry")
        .schemas("registry")
        .locations("classpath:db/migration")
        .target("1")
        .load()
        .migrate();
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), database.user(), database.password().value());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO registry.schema_content (sha256, document) VALUES (repeat('a', 64),"
              + " '{\"type\":\"object\"}')");
      statement.execute(
          "INSERT INTO registry.schema_version (type, version, content_id, status, created_by)"
              + " VALUES ('old', 1, 1, 'published', 'me'), ('old', 2, 1, 'withdrawn', 'me')");
      statement.execute(
          "INSERT INTO registry.audit (revision, actor, action, type, version)"
              + " VALUES (1, 'me', 'publish', 'old', 1)");
    }

    try (TestRegistry registry = TestRegistry.start(config)) {
      Reply old = registry.get("/schemas/old/1");
      assertThat(old.json().path("status").asString()).isEqualTo("published");
      assertThat(registry.get("/subjects/old/versions?deleted=true").raw().body())
          .isEqualTo("[1,2]");
      assertThat(registry.get("/schemas/old/1/history").json().path("history")).hasSize(1);
      assertThat(registry.register("old", "{}").json().path("version").asInt()).isEqualTo(3);
    }
  }
}
