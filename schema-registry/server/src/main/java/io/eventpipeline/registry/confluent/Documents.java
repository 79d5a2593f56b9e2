package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.CanonicalJson;
import io.eventpipeline.registry.JsonBody;
import io.eventpipeline.registry.Problem;
import io.eventpipeline.registry.QuickReads;
import io.eventpipeline.registry.TextRules;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Reference;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.schema.SchemaLimits;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The protocol's bodies. */
final class Documents {
  static final String SCHEMA_TYPE = "JSON";

  private static final int METADATA_CHARS_MAX = 8_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> REQUEST =
      Set.of(
          "subject",
          "version",
          "id",
          "guid",
          "schemaType",
          "references",
          "metadata",
          "ruleSet",
          "schema",
          "schemaTags",
          "schemaTagsToAdd",
          "schemaTagsToRemove",
          "propagateSchemaTags",
          "deleted",
          "ts");

  private Documents() {}

  /**
   * A schema as a client sends it; not checked yet.
   *
   * @param metadata JSON object in text, {@code ""} for none
   * @param version the number it must get, 0 for any
   * @param id the id it must have, 0 for any
   */
  record SchemaRequest(
      JsonNode schema, List<Reference> references, String metadata, int version, int id) {}

  static SchemaRequest readSchema(byte[] bytes) {
    ObjectNode body = JsonBody.object(bytes);
    for (String name : body.propertyNames()) {
      if (!REQUEST.contains(name)) {
        throw new ConfluentError(ErrorCode.UNKNOWN_FIELD, "Unrecognized field: " + name);
      }
    }
    String schemaType = body.path("schemaType").asString("AVRO");
    if (!schemaType.equals(SCHEMA_TYPE)) {
      throw new ConfluentError(
          ErrorCode.INVALID_SCHEMA,
          "Invalid schema of type " + schemaType + ": this registry takes schemaType JSON only");
    }
    if (isPresent(body, "ruleSet")) {
      throw new ConfluentError(ErrorCode.INVALID_RULE_SET, "Rule sets are not supported");
    }
    if (!body.path("schema").isString() || body.path("schema").asString().isBlank()) {
      throw new ConfluentError(ErrorCode.INVALID_SCHEMA, "Empty schema");
    }
    JsonNode schema;
    try {
      schema = JsonBody.parse(body.get("schema").asString().getBytes(StandardCharsets.UTF_8));
    } catch (Problem e) {
      throw new ConfluentError(
          ErrorCode.INVALID_SCHEMA, "Invalid schema, not JSON: " + e.getMessage());
    }
    return new SchemaRequest(
        schema,
        readReferences(body.path("references")),
        readMetadata(body),
        Math.max(0, body.path("version").asInt(0)),
        Math.max(0, body.path("id").asInt(0)));
  }

  private static boolean isPresent(ObjectNode body, String name) {
    return body.has(name) && !body.get(name).isNull();
  }

  private static String readMetadata(ObjectNode body) {
    if (!isPresent(body, "metadata")) {
      return "";
    }
    // Canonical: the order in which a client writes its properties makes no other schema
    String metadata = CanonicalJson.of(body.get("metadata"));
    if (!body.get("metadata").isObject() || metadata.length() > METADATA_CHARS_MAX) {
      throw new ConfluentError(
          ErrorCode.INVALID_SCHEMA,
          "metadata must be an object of at most " + METADATA_CHARS_MAX + " characters");
    }
    return metadata;
  }

  private static List<Reference> readReferences(JsonNode list) {
    List<Reference> references = new ArrayList<>();
    for (JsonNode node : list) {
      int version = node.path("version").asInt(0);
      String name = node.path("name").asString("");
      if (!node.path("name").isString() || !node.path("subject").isString() || version < 1) {
        throw new ConfluentError(
            ErrorCode.INVALID_SCHEMA, "A reference must have name, subject and version");
      }
      String subject = Query.unqualified(node.get("subject").asString());
      if (!TextRules.isStorable(name) || !SchemaLimits.isType(subject)) {
        throw new ConfluentError(
            ErrorCode.INVALID_SCHEMA, "'" + name + "' refers to what cannot be a subject");
      }
      references.add(new Reference(name, subject, version));
    }
    return references;
  }

  /** A version of a subject. */
  static ObjectNode version(SchemaVersion schema) {
    ObjectNode node =
        object()
            .put("subject", schema.type())
            .put("version", schema.version())
            .put("id", schema.id())
            .put("guid", schema.guid());
    content(schema.content(), node);
    return schema.live() ? node : node.put("deleted", true);
  }

  /** A schema without regard to where it is used. */
  static ObjectNode content(SchemaVersion schema) {
    ObjectNode node = object().put("guid", schema.guid());
    content(schema.content(), node);
    return node;
  }

  private static void content(Content content, ObjectNode node) {
    node.put("schemaType", SCHEMA_TYPE);
    if (!content.references().isEmpty()) {
      ArrayNode references = node.putArray("references");
      for (Reference reference : content.references()) {
        references
            .addObject()
            .put("name", reference.name())
            .put("subject", reference.type())
            .put("version", reference.version());
      }
    }
    if (!content.metadata().isEmpty()) {
      node.set("metadata", JSON.readTree(content.metadata()));
    }
    node.put("schema", content.document());
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** An array of texts, numbers or objects. */
  static ArrayNode array(List<?> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Object value : values) {
      if (value instanceof Integer number) {
        array.add(number);
      } else if (value instanceof JsonNode node) {
        array.add(node);
      } else {
        array.add(String.valueOf(value));
      }
    }
    return array;
  }

  static void send(RoutingContext ctx, JsonNode body) {
    sendText(ctx, body.toString());
  }

  static void sendText(RoutingContext ctx, String body) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, MediaTypes.answer(ctx))
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Buffer whole = Buffer.buffer(body);
    QuickReads.offer(ctx, whole);
    ctx.response().end(whole);
  }
}
