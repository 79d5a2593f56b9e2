package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

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
record CartData(
    String sku, int quantity, long unitPriceE4, long totalE4, String currency, String orderId) {
  static final int QUANTITY_MAX = 1_000_000;

  /** What fits a decimal of 18 digits, 4 of them behind the point. */
  static final long AMOUNT_E4_MAX = 999_999_999_999_999_999L;

  private static final JsonFactory JSON = JsonFactory.builder().build();

  /** Reads the data of an event that was decoded; members of other types are ignored. */
  static CartData of(Event event) {
    String sku = "";
    int quantity = 0;
    long unitPriceE4 = 0;
    long totalE4 = 0;
    String currency = "";
    String orderId = "";
    try (JsonParser json =
        JSON.createParser(
            ObjectReadContext.empty(), event.payload(), event.dataStart(), event.dataLength())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "sku" -> sku = text(json, value);
          case "quantity" -> quantity = (int) Math.min(QUANTITY_MAX, Math.max(0, number(json)));
          case "unit_price" -> unitPriceE4 = amountE4(number(json));
          case "total" -> totalE4 = amountE4(number(json));
          case "currency" -> currency = text(json, value);
          case "order_id" -> orderId = text(json, value);
          default -> json.skipChildren();
        }
      }
    }
    return new CartData(sku, quantity, unitPriceE4, totalE4, currency, orderId);
  }

  /** Quantity times unit price, held within {@link #AMOUNT_E4_MAX}. */
  long lineAmountE4() {
    long high = Math.multiplyHigh(quantity, unitPriceE4);
    long product = quantity * unitPriceE4;
    return high != 0 || product > AMOUNT_E4_MAX ? AMOUNT_E4_MAX : product;
  }

  private static String text(JsonParser json, JsonToken value) {
    json.skipChildren();
    return value == JsonToken.VALUE_STRING ? json.getString() : "";
  }

  private static double number(JsonParser json) {
    json.skipChildren();
    return json.currentToken().isNumeric() ? json.getDoubleValue() : 0;
  }

  /** A double holds 15 digits: exact to the 1/10,000 up to 90 billion. */
  private static long amountE4(double amount) {
    return Math.min(AMOUNT_E4_MAX, Math.max(0, Math.round(amount * 10_000)));
  }
}
