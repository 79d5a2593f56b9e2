package io.eventpipeline.registry;

import io.eventpipeline.registry.store.AuditEntry;
import io.eventpipeline.registry.store.Outline;
import io.eventpipeline.registry.store.Reference;
import io.eventpipeline.registry.store.SchemaStore;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.SchemaLimits;
import io.eventpipeline.schema.TypeReadings;
import io.eventpipeline.schema.Violation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The native API's shapes: what is asked, and what is answered. */
final class SchemaDocuments {
  static final int DESCRIPTION_CHARS_MAX = 2_000;
  static final int REASON_CHARS_MAX = 500;

  private static final Set<String> REGISTRATION =
      Set.of(
          "type",
          "schema",
          "description",
          "references",
          "migration",
          "supersedes",
          "status",
          "reason");
  private static final Set<String> EDIT =
      Set.of("schema", "description", "references", "migration", "supersedes", "reason");
  private static final Set<String> REFERENCE = Set.of("name", "type", "version");

  private SchemaDocuments() {}

  /**
   * What a caller wants to be stored; not checked yet.
   *
   * @param schema null when an edit leaves it as it is
   * @param description null likewise
   * @param migration JSONata that compiles; {@code ""} for none, null as the schema
   * @param supersedes 0 for none, null as the schema
   */
  record Draft(
      String type,
      JsonNode schema,
      List<Reference> references,
      String description,
      String migration,
      Integer supersedes,
      boolean draft,
      String reason) {}

  /** Reads the body of a registration. */
  static Draft readRegistration(byte[] bytes) {
    if (bytes.length == 0) {
      throw new Problem(Problem.Code.MALFORMED_JSON, "The body is empty");
    }
    ObjectNode body = JsonBody.object(bytes, REGISTRATION);
    String description = JsonBody.text(body, "description", "", DESCRIPTION_CHARS_MAX);
    if (!body.has("schema") || !body.path("type").isString()) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "type (a string) and schema must be there");
    }
    String type = body.get("type").asString();
    if (!SchemaLimits.isType(type)) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST,
          "type must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit, and not be"
              + " one of ids, guids, types");
    }
    String status = JsonBody.text(body, "status", "published", 20);
    if (!Set.of("published", "draft").contains(status)) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "status must be published or draft");
    }
    return new Draft(
        type,
        body.get("schema"),
        readReferences(body),
        description,
        EvolutionBody.migration(body, ""),
        EvolutionBody.supersedes(body, 0),
        status.equals("draft"),
        reason(body));
  }

  /** Reads the body of an edit of a draft. */
  static Draft readEdit(String type, byte[] bytes) {
    ObjectNode body = JsonBody.object(bytes, EDIT);
    if (body.size() == (body.has("reason") ? 1 : 0)) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST,
          "schema, description, migration or supersedes must be there");
    }
    if (body.has("references") && !body.has("schema")) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "references belong to a schema");
    }
    return new Draft(
        type,
        body.get("schema"),
        readReferences(body),
        JsonBody.text(body, "description", null, DESCRIPTION_CHARS_MAX),
        EvolutionBody.migration(body, null),
        EvolutionBody.supersedes(body, null),
        true,
        reason(body));
  }

  /** Reads why something is done: {@code {"reason"}}. */
  static String readReason(byte[] bytes) {
    return reason(JsonBody.object(bytes, Set.of("reason")));
  }

  private static String reason(ObjectNode body) {
    return JsonBody.text(body, "reason", "", REASON_CHARS_MAX);
  }

  static List<Reference> readReferences(ObjectNode body) {
    List<Reference> references = new ArrayList<>();
    JsonNode list = body.path("references");
    if (!list.isMissingNode() && !list.isArray()) {
      throw noReference();
    }
    for (JsonNode node : list) {
      boolean complete =
          node.isObject()
              && REFERENCE.containsAll(node.propertyNames())
              && node.path("name").isString()
              && TextRules.isStorable(node.path("name").asString())
              && SchemaLimits.isType(node.path("type").asString(""))
              && node.path("version").isInt()
              && node.path("version").asInt() >= 1;
      if (!complete) {
        throw noReference();
      }
      references.add(
          new Reference(
              node.get("name").asString(),
              node.get("type").asString(),
              node.get("version").asInt()));
    }
    return references;
  }

  private static Problem noReference() {
    return new Problem(
        Problem.Code.INVALID_REQUEST, "references must be an array of {name, type, version}");
  }

  /**
   * The shape that clients read. Its schema needs nothing else: what it refers to is inside it.
   * What the owner wrote stands beside it when that is something else.
   */
  static ObjectNode write(SchemaVersion schema) {
    ObjectNode node = JsonBody.JSON.createObjectNode();
    node.put("id", schema.id())
        .put("type", schema.type())
        .put("version", schema.version())
        .put("status", schema.status().code())
        .put("description", schema.description());
    node.putRawValue("schema", new RawValue(schema.content().selfContained()));
    if (!schema.content().references().isEmpty()) {
      node.putRawValue("registered", new RawValue(schema.content().document()));
      ArrayNode references = node.putArray("references");
      for (Reference reference : schema.content().references()) {
        references
            .addObject()
            .put("name", reference.name())
            .put("type", reference.type())
            .put("version", reference.version());
      }
    }
    EvolutionBody.write(schema.evolution(), schema.upcastsFrom(), node);
    return node.put("sha256", schema.content().sha256())
        .put("created_at", schema.createdAt().toString());
  }

  /** How events of a type are read; a schema is fetched when it is needed. */
  static TypeReadings readings(SchemaStore store, String type) throws SQLException {
    List<JsonNode> versions = new ArrayList<>();
    for (Outline outline : store.outlines(type)) {
      ObjectNode node = JsonBody.JSON.createObjectNode();
      node.put("type", type)
          .put("version", outline.version())
          .put("status", outline.status().code());
      EvolutionBody.write(outline.evolution(), outline.upcastsFrom(), node);
      versions.add(node);
    }
    return new TypeReadings(type, versions, version -> schema(store, type, version));
  }

  /** Null when there is none. */
  private static JsonNode schema(SchemaStore store, String type, int version) {
    try {
      return store
          .byVersion(type, version)
          .map(schema -> JsonBody.JSON.readTree(schema.content().selfContained()))
          .orElse(null);
    } catch (SQLException e) {
      throw new Problem(Problem.Code.of(e), "version " + version + " cannot be read now");
    }
  }

  /** {@code {"schemas":[...],"next":"..."|null}}. */
  static ObjectNode write(SchemaStore.Page page) {
    ObjectNode node = JsonBody.JSON.createObjectNode();
    ArrayNode schemas = node.putArray("schemas");
    page.schemas().forEach(schema -> schemas.add(write(schema)));
    if (page.next() == 0) {
      node.putNull("next");
    } else {
      node.put("next", Long.toString(page.next()));
    }
    return node;
  }

  /** {@code {"history":[...]}}, oldest first. */
  static ObjectNode write(List<AuditEntry> history) {
    ObjectNode node = JsonBody.JSON.createObjectNode();
    ArrayNode entries = node.putArray("history");
    for (AuditEntry entry : history) {
      entries
          .addObject()
          .put("at", entry.at().toString())
          .put("actor", entry.actor())
          .put("action", entry.action())
          .put("reason", entry.reason());
    }
    return node;
  }

  /** What came of a validation. */
  static ObjectNode write(SchemaVersion schema, List<Violation> violations) {
    ObjectNode node = JsonBody.JSON.createObjectNode();
    node.put("valid", violations.isEmpty())
        .put("type", schema.type())
        .put("version", schema.version())
        .put("id", schema.id());
    ArrayNode errors = node.putArray("errors");
    for (Violation violation : violations) {
      errors
          .addObject()
          .put("pointer", violation.pointer())
          .put("keyword", violation.keyword())
          .put("message", violation.message());
    }
    return node;
  }

  /**
   * What came of reading an event's data as the job does.
   *
   * @param named the version that the event names
   */
  static ObjectNode write(SchemaVersion named, Reading reading, Reading.Result result) {
    List<Violation> errors =
        result.failure().isEmpty()
            ? result.violations()
            : List.of(new Violation("", "migration", result.failure()));
    ObjectNode node = write(named, errors);
    ObjectNode upcast = node.putObject("upcast");
    upcast
        .put("corrections", reading.corrections())
        .put("validated_by", reading.schema().version())
        .put("migrations", reading.upcasts())
        .put("version", reading.version())
        .put("changed", result.changed());
    if (result.done()) {
      upcast.set("data", result.data());
    }
    return node;
  }

  static byte[] bytes(JsonNode node) {
    return JsonBody.JSON.writeValueAsBytes(node);
  }
}
