package io.eventpipeline.job;

/**
 * A row of Postgres {@code store_config}, cached in Redis {@code store_config:{storeId}}.
 *
 * @param name for people
 * @param timeZone IANA zone, {@code UTC} when unknown
 * @param currency ISO 4217, {@code ""} when unknown
 * @param country ISO 3166-1 alpha-2, {@code ""} when unknown
 * @param status where it came from
 */
public record StoreConfig(
    String name, String timeZone, String currency, String country, LookupStatus status) {

  /** What an event carries when there is no store configuration, and why. */
  public static StoreConfig absent(LookupStatus status) {
    return new StoreConfig("", "UTC", "", "", status);
  }
}
