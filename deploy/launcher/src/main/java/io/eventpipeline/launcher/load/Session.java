package io.eventpipeline.launcher.load;

import io.eventpipeline.launcher.load.Catalog.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One visit to one shop: looks around, fills a cart, changes it, and orders or walks away.
 *
 * <p>{@link #advance} moves to the next event, {@link #writeData} writes it. The order of the
 * events is the order in which a visitor can do these things: nothing is removed that was not
 * added, an order follows its checkout.
 */
final class Session {
  private static final int ACTIONS_MAX = 24;
  private static final int LINES_MAX = 6;
  private static final List<String> STEPS = List.of("contact", "shipping", "payment", "review");
  private static final List<String> LISTS = List.of("search", "home", "recommended", "wishlist");
  private static final long THINK_MILLIS_MAX = 30_000;

  private enum Intent {
    LOOK,
    ABANDON,
    ORDER
  }

  private static final class Line {
    final Product product;
    int quantity;

    Line(Product product, int quantity) {
      this.product = product;
      this.quantity = quantity;
    }
  }

  private final int number;
  private final int store;
  private final String currency;
  private final String user;
  private final Generator.Way way;
  private final SplittableRandom random;
  private final Catalog catalog;
  private final Intent intent;
  private final List<Line> cart = new ArrayList<>();
  private int actionsLeft;
  private int stepsDone = -1;
  private boolean coupon;
  private boolean over;
  private long timeMillis;
  private EventType type = EventType.PRODUCT_VIEWED;
  private Product product;
  private int quantity;
  private int previousQuantity;
  private long cartValue;

  /**
   * A visit that ends at {@code endMillis} or a little before, never after: nothing is from the
   * future.
   *
   * @param number unique in the run; names session and cart
   * @param store index of the shop
   * @param currency of the shop, ISO 4217
   * @param user its id; {@code ""} when the visitor is not known
   * @param way which way in its events take
   */
  Session(
      int number,
      int store,
      String currency,
      String user,
      Generator.Way way,
      long endMillis,
      Catalog catalog,
      SplittableRandom random) {
    this.number = number;
    this.store = store;
    this.currency = currency;
    this.user = user;
    this.way = way;
    this.catalog = catalog;
    this.random = random;
    double mood = random.nextDouble();
    this.intent = mood < 0.3 ? Intent.LOOK : mood < 0.65 ? Intent.ABANDON : Intent.ORDER;
    this.actionsLeft = 1 + random.nextInt(intent == Intent.LOOK ? 6 : ACTIONS_MAX);
    int events = actionsLeft + (intent == Intent.ORDER ? STEPS.size() + 3 : 1);
    // Twice the steps that are planned: what happens on the way may add some
    this.timeMillis = endMillis - 2L * (events + 1) * THINK_MILLIS_MAX;
    this.product = catalog.draw(random);
  }

  /** Moves to the next event; false when the visit is over. */
  boolean advance() {
    if (over) {
      return false;
    }
    timeMillis += 1 + random.nextLong(THINK_MILLIS_MAX);
    if (stepsDone >= 0) {
      checkOut();
    } else if (actionsLeft-- > 0) {
      act();
    } else if (cart.isEmpty() || intent == Intent.LOOK) {
      over = true;
      type = EventType.CART_VIEWED;
    } else if (intent == Intent.ABANDON && random.nextInt(3) > 0) {
      abandon();
    } else if (!coupon && random.nextInt(4) == 0) {
      coupon = true;
      type = EventType.COUPON_APPLIED;
    } else {
      stepsDone = 0;
      type = EventType.CHECKOUT_STARTED;
    }
    cartValue = value();
    return true;
  }

  private void act() {
    int dice = random.nextInt(100);
    boolean full = cart.size() == LINES_MAX;
    if (intent == Intent.LOOK || (cart.isEmpty() && dice < 45) || dice < 30) {
      product = catalog.draw(random);
      type = EventType.PRODUCT_VIEWED;
    } else if (cart.isEmpty() || (dice < 65 && !full)) {
      quantity = 1 + random.nextInt(3);
      cart.add(new Line(product, quantity));
      type = EventType.ITEM_ADDED;
    } else if (dice < 78) {
      type = EventType.CART_VIEWED;
    } else if (dice < 90) {
      Line line = cart.get(random.nextInt(cart.size()));
      previousQuantity = line.quantity;
      line.quantity = 1 + (line.quantity + random.nextInt(3)) % 5;
      product = line.product;
      quantity = line.quantity;
      type = EventType.QUANTITY_CHANGED;
    } else {
      Line line = cart.remove(random.nextInt(cart.size()));
      product = line.product;
      quantity = line.quantity;
      type = EventType.ITEM_REMOVED;
    }
  }

  private void checkOut() {
    if (intent == Intent.ABANDON && stepsDone > 0 && random.nextInt(2) == 0) {
      abandon();
    } else if (stepsDone < STEPS.size()) {
      stepsDone++;
      type = EventType.CHECKOUT_STEP_COMPLETED;
    } else if (intent == Intent.ABANDON) {
      abandon();
    } else {
      over = true;
      type = EventType.ORDER_COMPLETED;
    }
  }

  private void abandon() {
    over = true;
    type = EventType.CART_ABANDONED;
  }

  private long value() {
    long value = 0;
    for (Line line : cart) {
      value += line.quantity * price(line.product);
    }
    return coupon ? value * 9 / 10 : value;
  }

  /** In hundredths of the shop's currency; yen have none. */
  private long price(Product of) {
    return currency.equals("JPY") ? of.price() * 160 / 100 * 100 : of.price();
  }

  /** Writes the members of {@code data} of the current event, without the braces. */
  void writeData(JsonLine out) {
    switch (type) {
      case PRODUCT_VIEWED -> product(out).text("list", LISTS.get(number % LISTS.size()));
      case ITEM_ADDED -> product(out).number("quantity", quantity);
      case ITEM_REMOVED ->
          out.text("sku", "SKU-", product.number())
              .number("quantity", quantity)
              .text("reason", "customer");
      case QUANTITY_CHANGED ->
          out.text("sku", "SKU-", product.number())
              .number("previous_quantity", previousQuantity)
              .number("quantity", quantity)
              .money("unit_price", price(product))
              .text("currency", currency);
      case COUPON_APPLIED ->
          out.text("coupon_code", "WELCOME10")
              .number("discount_percent", 10)
              .money("cart_value", cartValue)
              .text("currency", currency);
      case CART_VIEWED -> cart(out);
      case CHECKOUT_STARTED -> cart(out.text("checkout_id", "co-", number));
      case CHECKOUT_STEP_COMPLETED ->
          out.text("checkout_id", "co-", number)
              .number("step", stepsDone)
              .text("step_name", STEPS.get(stepsDone - 1))
              .number("duration_ms", 500 + 37L * (timeMillis % 1_000));
      case CART_ABANDONED ->
          cart(out)
              .time("last_activity_at", timeMillis - 60_000)
              .number("inactive_seconds", 60)
              .text("last_step", stepsDone < 0 ? "cart" : stepsDone < 3 ? "checkout" : "payment");
      case ORDER_COMPLETED -> order(out);
      case UNREGISTERED -> throw new IllegalStateException("no visitor does this");
    }
  }

  private JsonLine product(JsonLine out) {
    return out.text("sku", "SKU-", product.number())
        .text("product_name", product.name())
        .text("category", product.category())
        .text("variant", product.variant())
        .money("unit_price", price(product))
        .text("currency", currency);
  }

  private JsonLine cart(JsonLine out) {
    int pieces = 0;
    for (Line line : cart) {
      pieces += line.quantity;
    }
    return out.number("item_count", pieces)
        .money("cart_value", cartValue)
        .text("currency", currency);
  }

  private void order(JsonLine out) {
    out.text("order_id", "o-", number).name("items").beginArray();
    for (Line line : cart) {
      out.item()
          .text("sku", "SKU-", line.product.number())
          .number("quantity", line.quantity)
          .money("unit_price", price(line.product))
          .endObject();
    }
    out.endArray()
        .money("total", cartValue)
        .text("currency", currency)
        .text("shipping_method", "standard")
        .text("payment_method", number % 3 == 0 ? "invoice" : "card");
  }

  /** Type of the current event. */
  EventType type() {
    return type;
  }

  /** Time of the current event, milliseconds since the epoch. */
  long timeMillis() {
    return timeMillis;
  }

  /** Unique in the run. */
  int number() {
    return number;
  }

  /** Index of the shop. */
  int store() {
    return store;
  }

  /** Id of the visitor, or {@code ""}. */
  String user() {
    return user;
  }

  /** Which way in its events take. */
  Generator.Way way() {
    return way;
  }
}
