/**
 * The schemas in Postgres: the only package that knows SQL. Everything here blocks.
 *
 * <p>{@link io.eventpipeline.registry.store.SchemaStore} reads, {@link
 * io.eventpipeline.registry.store.SchemaChanges} changes versions, {@link
 * io.eventpipeline.registry.store.SubjectSettings} what is asked of new ones.
 */
package io.eventpipeline.registry.store;
