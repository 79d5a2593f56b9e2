package io.eventpipeline.registry.store;

import java.time.Instant;

/**
 * One version of one event type, as stored.
 *
 * @param id of the content; the same for every type that uses the same content
 * @param guid of the content; unlike the id it is the same in every registry
 * @param type event type
 * @param version from 1, without gaps as they are given
 * @param status of this version
 * @param published whether it ever was
 * @param description the owner's words, may be {@code ""}
 * @param evolution how it follows from earlier versions
 * @param upcastsFrom the version whose data can be read as this one's, by the migration or as it
 *     is; 0 when none, and as long as it was never published
 * @param content the schema
 * @param createdAt when this version was registered
 * @param changed the revision of its last change
 */
public record SchemaVersion(
    int id,
    String guid,
    String type,
    int version,
    Status status,
    boolean published,
    String description,
    Evolution evolution,
    int upcastsFrom,
    Content content,
    Instant createdAt,
    long changed) {

  /** Published and not withdrawn: what new versions must get along with. */
  public boolean live() {
    return status.live();
  }

  /** The same without its schema. */
  public Outline outline() {
    return new Outline(type, version, status, evolution, upcastsFrom, content.sha256());
  }

  /** Changes whenever anything that is shown of this version changes. */
  public String etag() {
    return "\"" + type + "/" + version + "-" + status.code() + "-" + changed + "\"";
  }
}
