package io.eventpipeline.job;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import io.eventpipeline.schema.migration.Migration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any type in two versions: {@code cents} became {@code unit_price}, and what costs 13 cents cannot
 * be migrated.
 */
final class EvolvedSchemas implements SchemaSource {
  private static final long serialVersionUID = 1L;

  private static final String MIGRATION =
      "cents = 13 ? $error(\"unlucky\") : {\"sku\": sku, \"unit_price\": cents / 100}";

  @Override
  public Schemas open() throws Exception {
    CompiledSchema old = compile(1, "cents");
    CompiledSchema now = compile(2, "unit_price");
    Lookup first = found(Reading.upcasting(old, List.of(Migration.compile(MIGRATION)), now));
    Lookup newest = found(Reading.plain(now));
    return new Schemas() {
      @Override
      public Lookup find(String type, int version) {
        return version == 1 ? first : newest;
      }

      @Override
      public CompletableFuture<Lookup> lookup(String type, int version) {
        return CompletableFuture.completedFuture(find(type, version));
      }

      @Override
      public void close() {
        // holds nothing
      }
    };
  }

  private static Lookup found(Reading reading) {
    return new Lookup(Lookup.Outcome.FOUND, reading, "");
  }

  private static CompiledSchema compile(int version, String price) throws Exception {
    String schema =
        "{\"required\":[\"sku\",\"%s\"],\"properties\":{\"%s\":{\"minimum\":0.02}}}"
            .formatted(price, price);
    return CompiledSchema.compile(
        version, "cart.item_added", version, JsonMapper.shared().readTree(schema));
  }
}
