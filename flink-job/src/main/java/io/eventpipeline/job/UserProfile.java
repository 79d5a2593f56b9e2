package io.eventpipeline.job;

/**
 * A row of Postgres {@code user_profile}, cached in Redis {@code user_profile:{userId}}.
 *
 * @param segment marketing segment, {@code ""} when unknown
 * @param country ISO 3166-1 alpha-2, {@code ""} when unknown
 * @param signupAtMicros microseconds since the epoch, 0 when unknown
 * @param orders orders completed before this event, as far as the store knows
 * @param lifetimeValueE4 money spent so far, in 1/10,000 of the store's currency
 * @param status where it came from
 */
public record UserProfile(
    String segment,
    String country,
    long signupAtMicros,
    int orders,
    long lifetimeValueE4,
    LookupStatus status) {

  /** What an event carries when there is no profile, and why. */
  public static UserProfile absent(LookupStatus status) {
    return new UserProfile("", "", 0, 0, 0, status);
  }
}
