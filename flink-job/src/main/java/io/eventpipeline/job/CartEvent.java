package io.eventpipeline.job;

import io.eventpipeline.contract.Event;

/**
 * A validated event with what its data says of the cart; the data is parsed once, for validation.
 *
 * @param event the event, its {@code schemaVersion} the one it is written as
 * @param cart the members of its data that later steps use
 * @param session in which visit; {@link SessionContext#NONE} before that step
 * @param upcast what it was before, and its data when that has changed
 */
public record CartEvent(Event event, CartData cart, SessionContext session, Upcast upcast) {

  /** This event at its place in a visit. */
  CartEvent in(SessionContext visit) {
    return new CartEvent(event, cart, visit, upcast);
  }
}
