package io.eventpipeline.job;

/**
 * Something that a user did and that Postgres is told.
 *
 * @param userId who
 * @param atMicros when, microseconds since the epoch
 * @param purchase whether it is an order; if not, the rest is {@code ""} and 0
 * @param storeId with source and event id the identity of the purchase
 * @param source CloudEvents source
 * @param eventId CloudEvents id
 * @param orderId the shop's id of the order
 * @param totalE4 its value, in 1/10,000 of the currency
 * @param currency ISO 4217
 */
public record UserActivity(
    String userId,
    long atMicros,
    boolean purchase,
    String storeId,
    String source,
    String eventId,
    String orderId,
    long totalE4,
    String currency) {

  static UserActivity seen(String userId, long atMicros) {
    return new UserActivity(userId, atMicros, false, "", "", "", "", 0, "");
  }
}
