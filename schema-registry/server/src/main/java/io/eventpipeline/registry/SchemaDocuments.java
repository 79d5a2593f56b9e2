package io.eventpipeline.registry;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaLimits;
import io.eventpipeline.schema.SchemaRejectedException;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Schemas as JSON: the body of a registration, and what is answered. */
final class SchemaDocuments {
  /**
   * Deeper than any accepted schema, so that the reason is the schema's depth and not the JSON's.
   */
  private static final int JSON_DEPTH_MAX = 200;

  private static final int DESCRIPTION_CHARS_MAX = 2_000;
  private static final Set<String> MEMBERS = Set.of("type", "schema", "description");

  /** Types that would collide with paths of other dialects below {@code /schemas}. */
  private static final Set<String> RESERVED_TYPES = Set.of("ids", "guids", "types");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(JSON_DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private SchemaDocuments() {}

  /**
   * A schema that may be stored.
   *
   * @param document JSON text without white space
   * @param sha256 of the canonical form
   */
  record Proposal(String type, String document, String sha256, String description) {}

  /**
   * Reads and checks {@code {"type","schema","description"?}}. Compiles: not for an event loop.
   *
   * @throws Problem for a body that is not such an object
   * @throws SchemaRejectedException for a schema that is not accepted
   */
  static Proposal readProposal(byte[] body) throws SchemaRejectedException {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new Problem(Problem.Code.MALFORMED_JSON, e.getOriginalMessage());
    }
    if (tree.isMissingNode()) {
      throw new Problem(Problem.Code.MALFORMED_JSON, "The body is empty");
    }
    if (!tree.isObject()) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "The body must be a JSON object");
    }
    for (String name : tree.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw new Problem(Problem.Code.INVALID_REQUEST, "There is no member '" + name + "'");
      }
    }
    JsonNode description = tree.path("description");
    if (!(description.isMissingNode() || description.isString())
        || description.asString("").length() > DESCRIPTION_CHARS_MAX) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST,
          "description must be a string of at most " + DESCRIPTION_CHARS_MAX + " characters");
    }
    if (!tree.has("schema") || !tree.path("type").isString()) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "type (a string) and schema must be there");
    }
    return propose(tree.get("type").asString(), tree.get("schema"), description.asString(""));
  }

  /**
   * Reads one of the schemas that come with the server. Not compiled: the build did, and a start
   * has no time for it.
   */
  static Proposal readShipped(String type, byte[] document) {
    JsonNode schema = JSON.readTree(document);
    return new Proposal(type, schema.toString(), CanonicalJson.sha256(schema), "");
  }

  private static Proposal propose(String type, JsonNode schema, String description)
      throws SchemaRejectedException {
    if (!SchemaLimits.isType(type) || RESERVED_TYPES.contains(type)) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST,
          "type must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit, and not be"
              + " one of "
              + RESERVED_TYPES.stream().sorted().toList());
    }
    CompiledSchema.compile(0, type, 0, schema);
    return new Proposal(type, schema.toString(), CanonicalJson.sha256(schema), description);
  }

  /** The shape that clients read. */
  static ObjectNode write(SchemaVersion schema) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", schema.id())
        .put("type", schema.type())
        .put("version", schema.version())
        .put("status", schema.status().code())
        .put("description", schema.description());
    node.putRawValue("schema", new RawValue(schema.schema()));
    return node.put("sha256", schema.sha256()).put("created_at", schema.createdAt().toString());
  }

  /** {@code {"schemas":[...],"next":"..."|null}}. */
  static ObjectNode write(SchemaStore.Page page) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode schemas = node.putArray("schemas");
    page.schemas().forEach(schema -> schemas.add(write(schema)));
    if (page.next() == 0) {
      node.putNull("next");
    } else {
      node.put("next", Long.toString(page.next()));
    }
    return node;
  }

  static byte[] bytes(JsonNode node) {
    return JSON.writeValueAsBytes(node);
  }
}
