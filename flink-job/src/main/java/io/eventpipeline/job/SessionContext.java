package io.eventpipeline.job;

/**
 * What is known of the visit when this event happens; all zero for an event without a session.
 *
 * @param startedAtMicros time of the session's first event seen, microseconds since the epoch
 * @param eventIndex 1 for the first event of the session, then counting
 * @param durationMillis from the first event seen to this one; never negative
 * @param cartItems pieces in the cart after this event
 * @param cartValueE4 value of the cart after this event, in 1/10,000 of the currency
 */
public record SessionContext(
    long startedAtMicros, int eventIndex, long durationMillis, int cartItems, long cartValueE4) {

  public static final SessionContext NONE = new SessionContext(0, 0, 0, 0, 0);
}
