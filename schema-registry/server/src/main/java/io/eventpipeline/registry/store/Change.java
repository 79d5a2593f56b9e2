package io.eventpipeline.registry.store;

/**
 * Who changes something, and why; kept in the audit table.
 *
 * @param actor the user of the token
 * @param reason the owner's words, may be {@code ""}
 */
public record Change(String actor, String reason) {}
