package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventpipeline.schema.Lineage.Way;
import io.eventpipeline.schema.migration.Migration;
import io.eventpipeline.schema.migration.MigrationRejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes {@link Reading}s; keeps the migrations, each compiled once. */
final class Readings {
  private final Cache<String, Migration> migrations;

  /** Other versions of the same type. */
  @FunctionalInterface
  interface Siblings {
    /**
     * A version's schema.
     *
     * @throws IOException when it cannot be had at the moment
     */
    CompiledSchema schema(int version) throws IOException;
  }

  Readings(int migrationsMax) {
    this.migrations = Caffeine.newBuilder().maximumSize(migrationsMax).build();
  }

  /**
   * How events that name this version are read.
   *
   * @throws IOException when what it takes cannot be had, or not be used here
   */
  Reading of(CompiledSchema named, Lineage lineage, Siblings siblings) throws IOException {
    Way way = lineage.from(named.version());
    if (way.written() == named.version()) {
      return Reading.plain(named);
    }
    CompiledSchema validated =
        way.validated() == named.version() ? named : siblings.schema(way.validated());
    return new Reading(
        named.version(),
        way.written(),
        compiled(way.corrections()),
        validated,
        compiled(way.upcasts()),
        way.upcasts().isEmpty() ? null : siblings.schema(way.shape()));
  }

  private List<Migration> compiled(List<String> expressions) throws IOException {
    List<Migration> list = new ArrayList<>();
    for (String expression : expressions) {
      Migration known = migrations.getIfPresent(expression);
      if (known == null) {
        known = compile(expression);
        migrations.put(expression, known);
      }
      list.add(known);
    }
    return list;
  }

  private static Migration compile(String expression) throws IOException {
    try {
      return Migration.compile(expression);
    } catch (MigrationRejectedException e) {
      throw new IOException("a migration that cannot be used here: " + e.getMessage(), e);
    }
  }
}
