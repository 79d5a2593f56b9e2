package io.eventpipeline.registry.store;

import java.util.List;

/**
 * A schema that was checked and may be stored.
 *
 * @param document JSON text without white space, as its owner wrote it
 * @param selfContained the same with all that it refers to inside it; equal to {@code document}
 *     when it refers to nothing
 * @param references in the owner's order
 * @param metadata JSON object in text, {@code ""} for none
 * @param sha256 of the canonical form of all of it, hexadecimal: equal means the same id
 */
public record Content(
    String document,
    String selfContained,
    List<Reference> references,
    String metadata,
    String sha256) {
  public Content {
    references = List.copyOf(references);
  }
}
