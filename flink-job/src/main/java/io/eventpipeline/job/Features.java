package io.eventpipeline.job;

/**
 * What follows from event, profile, store and session.
 *
 * @param localHour hour of day in the store's time zone, 0..23
 * @param localWeekday ISO day of week in the store's time zone, 1 = Monday
 * @param weekend Saturday or Sunday there
 * @param latenessMillis from the event's time to its receipt; negative when the clock runs ahead
 * @param lineAmountE4 quantity times unit price of the event, in 1/10,000 of the currency; 0 for
 *     none
 * @param funnelStep view, cart, checkout, order or other
 * @param returningCustomer the profile has orders
 */
public record Features(
    int localHour,
    int localWeekday,
    boolean weekend,
    long latenessMillis,
    long lineAmountE4,
    String funnelStep,
    boolean returningCustomer) {}
