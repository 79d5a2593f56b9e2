package io.eventpipeline.registry.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** How a {@link SchemaVersion} is read, and its references written. */
final class VersionRows {
  /** To be followed by conditions on {@code v} (the version) and {@code c} (its content). */
  static final String SELECT =
      "SELECT c.id, c.guid, v.type, v.version, v.status, v.published_at, v.description, c.document,"
          + " c.self_contained, c.refs,"
          + " coalesce(c.metadata, '') AS metadata, c.sha256, v.created_at, v.changed, v.ordinal,"
          + " coalesce(v.migration, '') AS migration, coalesce(v.supersedes, 0) AS supersedes,"
          + " coalesce(v.upcasts_from, 0) AS upcasts_from"
          + " FROM registry.schema_version v"
          + " JOIN registry.schema_content c ON c.id = v.content_id ";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private VersionRows() {}

  static SchemaVersion read(ResultSet row) throws SQLException {
    String document = row.getString("document");
    String selfContained = row.getString("self_contained");
    return new SchemaVersion(
        row.getInt("id"),
        row.getString("guid"),
        row.getString("type"),
        row.getInt("version"),
        Status.of(row.getString("status")),
        row.getObject("published_at") != null,
        row.getString("description"),
        new Evolution(row.getString("migration"), row.getInt("supersedes")),
        row.getInt("upcasts_from"),
        new Content(
            document,
            selfContained == null ? document : selfContained,
            references(row.getString("refs")),
            row.getString("metadata"),
            row.getString("sha256")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getLong("changed"));
  }

  static Optional<SchemaVersion> find(Sql sql, String type, int version) throws SQLException {
    return sql.first(
        VersionRows::read, SELECT + "WHERE v.type = ? AND v.version = ?", type, version);
  }

  /** All versions of a type that were ever published, oldest first. */
  static List<Outline> outlines(Sql sql, String type) throws SQLException {
    return sql.list(
        row ->
            new Outline(
                type,
                row.getInt("version"),
                Status.of(row.getString("status")),
                new Evolution(row.getString("migration"), row.getInt("supersedes")),
                row.getInt("upcasts_from"),
                row.getString("sha256")),
        "SELECT v.version, v.status, coalesce(v.migration, '') AS migration,"
            + " coalesce(v.supersedes, 0) AS supersedes,"
            + " coalesce(v.upcasts_from, 0) AS upcasts_from, c.sha256"
            + " FROM registry.schema_version v JOIN registry.schema_content c ON c.id = v.content_id"
            + " WHERE v.type = ? AND v.published_at IS NOT NULL ORDER BY v.version",
        type);
  }

  /** Published and not withdrawn. */
  static LiveVersions live(Sql sql, String type) throws SQLException {
    return new LiveVersions(outlines(sql, type), version -> find(sql, type, version));
  }

  /** The version of a type that has this content and is not withdrawn: there is one at most. */
  static Optional<SchemaVersion> sameContent(Sql sql, String type, String sha256)
      throws SQLException {
    return sql.first(
        VersionRows::read,
        SELECT + "WHERE v.type = ? AND c.sha256 = ? AND v.status <> 'withdrawn'",
        type,
        sha256);
  }

  private static String write(List<Reference> references) {
    ArrayNode array = JSON.createArrayNode();
    for (Reference reference : references) {
      array
          .addObject()
          .put("name", reference.name())
          .put("subject", reference.type())
          .put("version", reference.version());
    }
    return array.toString();
  }

  /** What {@code refs} of a schema contains that refers to this version. */
  static String referenceTo(String type, int version) {
    return "[{\"subject\":\"" + type + "\",\"version\":" + version + "}]";
  }

  /** The id of this content, which is stored when it is new. */
  static int contentId(Sql sql, Content content) throws SQLException {
    Optional<Integer> known =
        sql.first(
            row -> row.getInt(1),
            "SELECT id FROM registry.schema_content WHERE sha256 = ?",
            content.sha256());
    return known.isPresent()
        ? known.get()
        : (int)
            sql.number(
                "INSERT INTO registry.schema_content (sha256, document, self_contained, refs,"
                    + " metadata) VALUES (?, ?, ?, ?::jsonb, ?) RETURNING id",
                content.sha256(),
                content.document(),
                content.selfContained().equals(content.document()) ? null : content.selfContained(),
                write(content.references()),
                content.metadata().isEmpty() ? null : content.metadata());
  }

  private static List<Reference> references(String text) {
    List<Reference> references = new ArrayList<>();
    for (JsonNode node : JSON.readTree(text)) {
      references.add(
          new Reference(
              node.path("name").asString(),
              node.path("subject").asString(),
              node.path("version").asInt()));
    }
    return references;
  }
}
