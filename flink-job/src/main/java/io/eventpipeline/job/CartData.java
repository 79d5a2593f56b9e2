package io.eventpipeline.job;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.StringNode;

/**
 * The members of {@code data} that sessions and features are made of; absent ones are {@code ""}
 * and 0.
 *
 * @param sku product
 * @param quantity pieces, at most {@link #QUANTITY_MAX}
 * @param unitPriceE4 price of one, in 1/10,000 of the currency
 * @param totalE4 value of an order, likewise
 * @param currency ISO 4217
 * @param orderId the shop's id of an order
 */
public record CartData(
    String sku, int quantity, long unitPriceE4, long totalE4, String currency, String orderId) {
  /** Of an event whose data was not read yet. */
  static final CartData NONE = new CartData("", 0, 0, 0, "", "");

  static final int QUANTITY_MAX = 1_000_000;

  /** What fits a decimal of 18 digits, 4 of them behind the point. */
  static final long AMOUNT_E4_MAX = 999_999_999_999_999_999L;

  /** Reads the members of {@code data}; those of another JSON type count as absent. */
  static CartData of(JsonNode data) {
    return new CartData(
        text(data, "sku"),
        (int) Math.min(QUANTITY_MAX, Math.max(0, number(data, "quantity"))),
        amountE4(number(data, "unit_price")),
        amountE4(number(data, "total")),
        text(data, "currency"),
        text(data, "order_id"));
  }

  /** Quantity times unit price, held within {@link #AMOUNT_E4_MAX}. */
  long lineAmountE4() {
    long high = Math.multiplyHigh(quantity, unitPriceE4);
    long product = quantity * unitPriceE4;
    return high != 0 || product > AMOUNT_E4_MAX ? AMOUNT_E4_MAX : product;
  }

  private static String text(JsonNode data, String name) {
    return data.get(name) instanceof StringNode text ? text.stringValue() : "";
  }

  /** Infinite when it is too large for a double: the callers have limits. */
  private static double number(JsonNode data, String name) {
    return data.get(name) instanceof NumericNode number ? number.numberValue().doubleValue() : 0;
  }

  /** A double holds 15 digits: exact to the 1/10,000 up to 90 billion. */
  private static long amountE4(double amount) {
    return Math.min(AMOUNT_E4_MAX, Math.max(0, Math.round(amount * 10_000)));
  }
}
