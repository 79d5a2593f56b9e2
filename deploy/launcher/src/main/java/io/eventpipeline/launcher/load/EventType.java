package io.eventpipeline.launcher.load;

/** What a shopping session can say. */
enum EventType {
  PRODUCT_VIEWED("product.viewed"),
  CART_VIEWED("cart.viewed"),
  ITEM_ADDED("cart.item_added"),
  ITEM_REMOVED("cart.item_removed"),
  QUANTITY_CHANGED("cart.quantity_changed"),
  COUPON_APPLIED("cart.coupon_applied"),
  CHECKOUT_STARTED("checkout.started"),
  CHECKOUT_STEP_COMPLETED("checkout.step_completed"),
  ORDER_COMPLETED("order.completed"),
  CART_ABANDONED("cart.abandoned"),
  /** No schema has this name: every one of these must end as {@code unknown_type}. */
  UNREGISTERED("cart.wish_granted");

  private final String code;

  EventType(String code) {
    this.code = code;
  }

  /** The event's {@code type}. */
  String code() {
    return code;
  }
}
