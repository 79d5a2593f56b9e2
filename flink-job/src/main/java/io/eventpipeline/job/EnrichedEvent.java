package io.eventpipeline.job;

import io.eventpipeline.contract.Event;

/**
 * A validated event with everything that the pipeline adds: one row of {@code events_processed}.
 *
 * @param event the event, its {@code schemaVersion} the one it is written as
 * @param upcast what it was before, and its data when that has changed
 * @param cart what its data says of the cart
 * @param profile who did it
 * @param store where
 * @param session in which visit
 * @param features what follows from all of these
 * @param route names of the routed topics it also goes to, comma-separated; {@code ""} for none
 */
public record EnrichedEvent(
    Event event,
    Upcast upcast,
    CartData cart,
    UserProfile profile,
    StoreConfig store,
    SessionContext session,
    Features features,
    String route) {}
