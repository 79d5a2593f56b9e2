package io.eventpipeline.job;

/**
 * How far a group of events has come; Flink state, so its components are never renamed.
 *
 * @param offset greatest offset that has passed or was skipped; {@link
 *     io.eventpipeline.contract.Event#FOLLOWS_NONE} before the first
 * @param waiting events and skips that wait for an earlier one
 */
public record Turn(long offset, int waiting) {}
