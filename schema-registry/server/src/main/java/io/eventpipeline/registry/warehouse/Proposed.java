package io.eventpipeline.registry.warehouse;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.TypeReadings;
import io.eventpipeline.schema.migration.Migration;
import java.util.Optional;

/**
 * What is tried on stored events.
 *
 * @param schema that the data must keep to in the end
 * @param newest the published version of today, to tell what is new; empty when there is none
 * @param today how events are read that name a version
 * @param migration from the data of version {@code from}; empty for none
 * @param from the version that the new one would follow, 0 when there is none
 * @param supersedes the version that it would correct, 0 for none
 */
public record Proposed(
    CompiledSchema schema,
    Optional<CompiledSchema> newest,
    TypeReadings today,
    Optional<Migration> migration,
    int from,
    int supersedes) {}
