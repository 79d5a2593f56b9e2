package io.eventpipeline.registry.store;

/**
 * What a schema means by a {@code $ref} that leaves its document.
 *
 * @param name as the {@code $ref} writes it, without fragment
 * @param type the event type, or subject, that is referred to
 * @param version from 1
 */
public record Reference(String name, String type, int version) {}
