package io.eventpipeline.registry.store;

import java.time.Instant;

/**
 * Who did what, when and why.
 *
 * @param action such as {@code publish}
 * @param version 0 for a change to the subject itself
 * @param reason the owner's words, may be {@code ""}
 */
public record AuditEntry(
    Instant at, String actor, String action, String type, int version, String reason) {}
