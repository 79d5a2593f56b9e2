package io.eventpipeline.registry.store;

/**
 * A version without its schema: some hundred bytes, where a {@link SchemaVersion} has up to 128
 * KiB.
 *
 * @param upcastsFrom as in {@link SchemaVersion}
 * @param sha256 of its content
 */
public record Outline(
    String type, int version, Status status, Evolution evolution, int upcastsFrom, String sha256) {

  /** Published and not withdrawn. */
  public boolean live() {
    return status.live();
  }
}
