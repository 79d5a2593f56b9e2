package io.eventpipeline.job;

import io.eventpipeline.contract.Event;

/**
 * A validated event with what its data says of the cart; the data is parsed once, for validation.
 *
 * @param event the event, its {@code schemaVersion} the one it was validated against
 * @param cart the members of its data that later steps use
 * @param session in which visit; {@link SessionContext#NONE} before that step
 */
public record CartEvent(Event event, CartData cart, SessionContext session) {

  /** This event at its place in a visit. */
  CartEvent in(SessionContext visit) {
    return new CartEvent(event, cart, visit);
  }
}
