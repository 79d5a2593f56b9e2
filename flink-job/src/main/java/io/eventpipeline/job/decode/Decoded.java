package io.eventpipeline.job.decode;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;

/**
 * What decoding a record came to.
 *
 * @param event the event; when refused, as far as it was understood
 * @param refused why it was refused, null when it was not
 * @param detail what is wrong and where, {@code ""} when nothing is
 */
public record Decoded(Event event, FailureReason refused, String detail) {}
