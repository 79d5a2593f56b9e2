package io.eventpipeline.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;

/** The event types that come with the server. */
final class ShippedSchemas {
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

  private static final String ACTOR = "shipped";

  private ShippedSchemas() {}

  /**
   * Registers those that are not there yet, in any version.
   *
   * @return how many are new
   */
  static int register(SchemaStore store) throws SQLException {
    int created = 0;
    for (String type : TYPES) {
      SchemaDocuments.Proposal proposal = read(type);
      created +=
          store
                  .register(
                      type, proposal.document(), proposal.sha256(), proposal.description(), ACTOR)
                  .created()
              ? 1
              : 0;
    }
    return created;
  }

  static SchemaDocuments.Proposal read(String type) {
    try (InputStream in =
        ShippedSchemas.class.getResourceAsStream("/shipped-schemas/" + type + ".json")) {
      return SchemaDocuments.readShipped(type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
