package io.eventpipeline.registry.store;

/** What a refused change can show besides its sentence: see where each is made. */
public sealed interface Explanation permits Judgement, MissingColumns {}
