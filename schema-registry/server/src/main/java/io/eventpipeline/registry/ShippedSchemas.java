package io.eventpipeline.registry;

import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.SchemaChanges;
import io.eventpipeline.registry.store.SchemaChanges.Proposal;
import io.eventpipeline.registry.store.SchemaStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The event types that come with the server. */
final class ShippedSchemas {
  private static final Logger LOG = LoggerFactory.getLogger(ShippedSchemas.class);

  static final List<String> TYPES =
      List.of(
          "product.viewed",
          "cart.viewed",
          "cart.item_added",
          "cart.item_removed",
          "cart.quantity_changed",
          "cart.coupon_applied",
          "checkout.started",
          "checkout.step_completed",
          "order.completed",
          "cart.abandoned");

  private static final Change CHANGE = new Change("shipped", "comes with the server");

  private ShippedSchemas() {}

  /**
   * Registers those that are not there yet, in any version.
   *
   * @return how many are new
   */
  static int register(SchemaStore store, SchemaChanges changes) throws SQLException {
    int created = 0;
    for (String type : TYPES) {
      try {
        Content content = SchemaIntake.trusted(read(type));
        if (!store.withContent(type, content.sha256()).isEmpty()) {
          continue; // also when it was withdrawn: that was somebody's will
        }
        Proposal proposal = new Proposal(type, content, "", false, 0);
        created += changes.register(proposal, CHANGE).created() ? 1 : 0;
      } catch (ChangeRefusedException e) {
        // The type went its own way, or is read-only: its owner's will goes before the build's
        LOG.info("shipped schema {} is not registered: {}", type, e.getMessage());
      }
    }
    return created;
  }

  static JsonNode read(String type) {
    try (InputStream in =
        ShippedSchemas.class.getResourceAsStream("/shipped-schemas/" + type + ".json")) {
      return JsonBody.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
