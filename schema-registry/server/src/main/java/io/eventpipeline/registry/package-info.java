/**
 * The schema registry: schemas of event types over HTTP, kept in Postgres.
 *
 * <p>{@link io.eventpipeline.registry.RegistryRouter} is the table of routes, {@link
 * io.eventpipeline.registry.SchemaStore} the only type that knows SQL.
 */
package io.eventpipeline.registry;
