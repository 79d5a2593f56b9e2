/**
 * Schemas as edge and job use them: fetched from the registry, cached, compiled, and applied to the
 * {@code data} member of an event.
 */
package io.eventpipeline.schema;
