/**
 * The dialect of Confluent's Schema Registry for JSON Schema, so that serdes, SDKs and tools that
 * speak it work unchanged. A subject is an event type; what is deleted softly is withdrawn.
 *
 * <p>{@link io.eventpipeline.registry.confluent.ConfluentRoutes} is the table of routes. Source:
 * Confluent's Schema Registry API reference.
 */
package io.eventpipeline.registry.confluent;
