package io.eventpipeline.registry;

import io.eventpipeline.registry.SelfContained.Part;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Reference;
import io.eventpipeline.registry.store.SchemaStore;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaRejectedException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The door that every schema comes through, in whichever dialect: what stands behind it is within
 * the limits, compiles, has no pattern that stops the validators of others, and refers to nothing
 * outside the registry. Compiles and asks the database: not for an event loop.
 */
public final class SchemaIntake {
  private final SchemaStore store;

  SchemaIntake(SchemaStore store) {
    this.store = store;
  }

  /**
   * Checks a schema.
   *
   * @param metadata JSON object in text, {@code ""} for none
   * @param canonical whether to keep the canonical spelling instead of the owner's
   * @throws SchemaRejectedException or {@link Problem} when it is not accepted
   */
  public Content check(
      String type, JsonNode schema, List<Reference> references, String metadata, boolean canonical)
      throws SchemaRejectedException, SQLException {
    Part root = new Part(schema, SelfContained.checked(references));
    if (!references.isEmpty() && !schema.isObject()) {
      throw new Problem(Problem.Code.SCHEMA_REJECTED, "a schema must be a JSON object");
    }
    JsonNode whole = SelfContained.of(root, this::resolve);
    CompiledSchema.compile(0, type, 0, whole);
    Content content =
        new Content(
            canonical ? CanonicalJson.of(schema) : schema.toString(),
            canonical && references.isEmpty() ? CanonicalJson.of(schema) : whole.toString(),
            references,
            metadata,
            identity(schema, references, metadata));
    Optional<UnsafePattern> unsafe = SafePatterns.firstUnsafe(whole);
    if (unsafe.isPresent() && !isPublished(type, content)) {
      throw unsafe.get();
    }
    return content;
  }

  /** Serializers register what they use at every start: what was taken once is not refused then. */
  private boolean isPublished(String type, Content content) throws SQLException {
    return !store.withContent(type, content.sha256()).isEmpty();
  }

  /** A schema that the build has checked already. */
  static Content trusted(JsonNode schema) {
    return new Content(
        schema.toString(), schema.toString(), List.of(), "", identity(schema, List.of(), ""));
  }

  private Part resolve(Reference reference) throws SQLException {
    Optional<SchemaVersion> target = store.byVersion(reference.type(), reference.version());
    if (target.isEmpty() || !target.get().live()) {
      throw new Problem(
          Problem.Code.UNKNOWN_REFERENCE,
          "'"
              + reference.name()
              + "' refers to "
              + reference.type()
              + "/"
              + reference.version()
              + ", which is not a published version");
    }
    Content content = target.get().content();
    return new Part(JsonBody.JSON.readTree(content.document()), content.references());
  }

  /**
   * The hash of the canonical form; with what it refers to when it does, since the same text with
   * other references is another schema.
   */
  public static String identity(JsonNode schema, List<Reference> references, String metadata) {
    if (references.isEmpty() && metadata.isEmpty()) {
      return CanonicalJson.sha256(schema);
    }
    ObjectNode all = JsonBody.JSON.createObjectNode();
    all.set("schema", schema);
    references.forEach(
        reference ->
            all.withArrayProperty("references")
                .addObject()
                .put("name", reference.name())
                .put("type", reference.type())
                .put("version", reference.version()));
    all.put("metadata", metadata);
    return CanonicalJson.sha256(all);
  }
}
