package io.eventpipeline.migrate;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import java.nio.file.Path;
import org.flywaydb.core.api.FlywayException;

/**
 * {@code --config FILE}: migrates Postgres, then ClickHouse; exit status 1 with one line if it
 * cannot.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length != 2 || !args[0].equals("--config")) {
      System.err.println("usage: migrate --config FILE");
      System.exit(2);
    }
    try {
      MigrateConfig config =
          ConfigReader.read(MigrateConfig.class, Path.of(args[1]), "MIGRATE", System.getenv());
      var postgres = config.postgres();
      Migrations.postgres(
          postgres.url(), postgres.user(), postgres.password().value(), postgres.demoData());
      var clickhouse = config.clickhouse();
      Migrations.clickhouse(clickhouse.url(), clickhouse.user(), clickhouse.password().value());
    } catch (ConfigException | FlywayException | MigrationException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
