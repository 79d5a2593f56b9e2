package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.util.HashMap;
import java.util.Map;

/**
 * What is kept of a visit between its events; Flink state, so its components are never renamed.
 *
 * @param startedAtMicros time of the first event seen
 * @param lastAtMicros greatest time of an event seen
 * @param events events seen
 * @param cart lines by product, at most {@link #CART_LINES_MAX}
 */
public record Session(
    long startedAtMicros, long lastAtMicros, int events, Map<String, CartLine> cart) {
  /** More lines than any real cart: further products are not counted. */
  static final int CART_LINES_MAX = 500;

  /** The session after one more event, which is its first one when {@code before} is null. */
  static Session after(Session before, Event event, CartData data) {
    long time = event.timeMicros();
    return before == null
        ? new Session(time, time, 1, cartAfter(Map.of(), event, data))
        : new Session(
            before.startedAtMicros,
            Math.max(before.lastAtMicros, time),
            before.events + 1,
            cartAfter(before.cart, event, data));
  }

  /** What the event that came last carries on. */
  SessionContext context(Event event) {
    long items = 0;
    long valueE4 = 0;
    for (CartLine line : cart.values()) {
      items += line.quantity();
      valueE4 += line.quantity() * line.unitPriceE4();
    }
    return new SessionContext(
        startedAtMicros,
        events,
        Math.max(0, (event.timeMicros() - startedAtMicros) / 1_000),
        (int) Math.min(Integer.MAX_VALUE, items),
        Math.min(CartData.AMOUNT_E4_MAX, Math.max(0, valueE4)));
  }

  private static Map<String, CartLine> cartAfter(
      Map<String, CartLine> cart, Event event, CartData data) {
    return switch (event.type()) {
      case "cart.item_added" -> with(cart, data, quantityOf(cart, data) + data.quantity());
      case "cart.item_removed" -> with(cart, data, quantityOf(cart, data) - data.quantity());
      case "cart.quantity_changed" -> with(cart, data, data.quantity());
      case "order.completed" -> new HashMap<>();
      default -> cart;
    };
  }

  private static int quantityOf(Map<String, CartLine> cart, CartData data) {
    CartLine line = cart.get(data.sku());
    return line == null ? 0 : line.quantity();
  }

  private static Map<String, CartLine> with(
      Map<String, CartLine> cart, CartData data, int quantity) {
    Map<String, CartLine> after = new HashMap<>(cart);
    CartLine line = after.remove(data.sku());
    if (quantity > 0 && after.size() < CART_LINES_MAX) {
      long known = line == null ? 0 : line.unitPriceE4();
      after.put(
          data.sku(),
          new CartLine(
              Math.min(quantity, CartData.QUANTITY_MAX),
              data.unitPriceE4() > 0 ? data.unitPriceE4() : known));
    }
    return after;
  }
}
