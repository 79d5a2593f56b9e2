package io.eventpipeline.registry.store;

import static io.eventpipeline.registry.store.VersionRows.SELECT;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads schemas. Blocks: call it on a worker thread. */
public final class SchemaStore {
  private static final String PUBLISHED_EVER = "v.published_at IS NOT NULL ";
  private static final String BY_NAME = "type COLLATE \"C\", version";

  /** Most text on one page, UTF-8; two thousand usual schemas, or 64 of the largest. */
  private static final int PAGE_BYTES_MAX = 4 * 1024 * 1024;

  private final DataSource database;

  public SchemaStore(DataSource database) {
    this.database = database;
  }

  /**
   * Some schemas in the order of their registration.
   *
   * @param next what to ask for {@code after} this page, 0 when it is the last one
   */
  public record Page(List<SchemaVersion> schemas, long next) {}

  /**
   * A number of a type's version.
   *
   * @param live false when it is withdrawn
   */
  public record Numbered(String type, int version, boolean live) {}

  /**
   * Which schemas to list.
   *
   * @param types names, with {@code *} for any characters; one must match
   * @param prefix of the name, {@code ""} for all
   * @param withdrawn also the withdrawn ones
   * @param latestOnly only the newest of each type
   * @param offset how many to leave out
   * @param limit most to return, -1 for no limit
   */
  public record Selection(
      List<String> types,
      String prefix,
      boolean withdrawn,
      boolean latestOnly,
      int offset,
      int limit) {}

  /** The first version that has the content of this id; rather a published one than a draft. */
  public Optional<SchemaVersion> byId(int id) throws SQLException {
    return usages(id).stream().findFirst();
  }

  /** All versions of all types that have the content of this id; published ones first. */
  public List<SchemaVersion> usages(int id) throws SQLException {
    return usages("c.id = ?", id);
  }

  /** As {@link #usages(int)}, by the id that is the same in every registry. */
  public List<SchemaVersion> usages(UUID guid) throws SQLException {
    return usages("c.guid = ?", guid);
  }

  private List<SchemaVersion> usages(String condition, Object id) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.list(
                VersionRows::read,
                SELECT + "WHERE " + condition + " ORDER BY v.published_at IS NULL, v.ordinal",
                id));
  }

  /** The largest id that was given. */
  public long idMax() throws SQLException {
    return Sql.query(
        database, sql -> sql.number("SELECT coalesce(max(id), 0) FROM registry.schema_content"));
  }

  public Optional<SchemaVersion> byVersion(String type, int version) throws SQLException {
    return Sql.query(database, sql -> VersionRows.find(sql, type, version));
  }

  /** All versions of a type that were ever published, also withdrawn ones, oldest first. */
  public List<Outline> outlines(String type) throws SQLException {
    return Sql.query(database, sql -> VersionRows.outlines(sql, type));
  }

  /** The newest published version. */
  public Optional<SchemaVersion> newest(String type) throws SQLException {
    return newest(type, "v.status = 'published'");
  }

  /** The newest version that is published or deprecated. */
  public Optional<SchemaVersion> newestLive(String type) throws SQLException {
    return newest(type, "v.status IN ('published', 'deprecated')");
  }

  /** The newest version that was ever published, also when it is withdrawn. */
  public Optional<SchemaVersion> newestEver(String type) throws SQLException {
    return newest(type, PUBLISHED_EVER);
  }

  private Optional<SchemaVersion> newest(String type, String condition) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.first(
                VersionRows::read,
                SELECT + "WHERE v.type = ? AND " + condition + " ORDER BY v.version DESC LIMIT 1",
                type));
  }

  /** Published or deprecated, as of now. */
  public LiveVersions live(String type) throws SQLException {
    return new LiveVersions(outlines(type), version -> byVersion(type, version));
  }

  /** Versions of a type with this content that were ever published, newest first. */
  public List<SchemaVersion> withContent(String type, String sha256) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.list(
                VersionRows::read,
                SELECT
                    + "WHERE v.type = ? AND c.sha256 = ? AND "
                    + PUBLISHED_EVER
                    + "ORDER BY v.version DESC",
                type,
                sha256));
  }

  /** The versions of a type that were ever published, oldest first. */
  public List<Numbered> numbers(String type) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.list(
                row -> new Numbered(type, row.getInt(1), row.getBoolean(2)),
                "SELECT v.version, v.status <> 'withdrawn' FROM registry.schema_version v"
                    + " WHERE v.type = ? AND "
                    + PUBLISHED_EVER
                    + "ORDER BY v.version",
                type));
  }

  /**
   * The newest version ever published of each type, by name.
   *
   * @param types patterns, see {@link Selection}
   */
  public List<Numbered> subjects(List<String> types, String prefix) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.list(
                row -> new Numbered(row.getString(1), row.getInt(2), row.getBoolean(3)),
                "SELECT v.type, max(v.version), bool_or(v.status <> 'withdrawn')"
                    + " FROM registry.schema_version v WHERE v.type LIKE ANY (?)"
                    + " AND starts_with(v.type, ?) AND "
                    + PUBLISHED_EVER
                    + "GROUP BY v.type ORDER BY v.type COLLATE \"C\"",
                likes(types),
                prefix));
  }

  /**
   * Versions that were ever published, by name and version; fewer than the limit when their text
   * exceeds a few MiB, yet at least one.
   */
  public List<SchemaVersion> select(Selection wanted) throws SQLException {
    String newest =
        "AND (NOT ? OR v.version = (SELECT max(n.version) FROM registry.schema_version n WHERE"
            + " n.type = v.type AND n.published_at IS NOT NULL AND (? OR n.status <>"
            + " 'withdrawn')))";
    return Sql.query(
        database,
        sql ->
            sql.list(
                VersionRows::read,
                bounded(
                    SELECT
                        + "WHERE v.type LIKE ANY (?) AND starts_with(v.type, ?) AND "
                        + PUBLISHED_EVER
                        + "AND (? OR v.status <> 'withdrawn') "
                        + newest
                        + " ORDER BY "
                        + BY_NAME
                        + " OFFSET ? LIMIT nullif(?, -1)",
                    BY_NAME),
                likes(wanted.types()),
                wanted.prefix(),
                wanted.withdrawn(),
                wanted.latestOnly(),
                wanted.withdrawn(),
                wanted.offset(),
                wanted.limit()));
  }

  /** Versions, drafts too, whose schema refers to this one. */
  public List<SchemaVersion> referrers(String type, int version) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.list(
                VersionRows::read,
                SELECT + "WHERE c.refs @> ?::jsonb ORDER BY v.ordinal",
                VersionRows.referenceTo(type, version)));
  }

  /** Whether any version of this type was ever registered. */
  public boolean knowsType(String type) throws SQLException {
    return Sql.query(
        database,
        sql -> sql.exists("SELECT FROM registry.schema_version WHERE type = ? LIMIT 1", type));
  }

  /**
   * Lists in the order of registration, drafts and withdrawn versions too.
   *
   * @param types patterns, see {@link Selection}
   * @param type only this one; {@code ""} for all
   * @param status only this one; {@code ""} for all
   * @param after {@link Page#next} of the page before; 0 from the start
   * @param limit most schemas on the page, which ends earlier when their text exceeds a few MiB
   */
  public Page list(List<String> types, String type, String status, long after, int limit)
      throws SQLException {
    record Found(SchemaVersion schema, long ordinal, long all) {}
    List<Found> found =
        Sql.query(
            database,
            sql ->
                sql.list(
                    row ->
                        new Found(
                            VersionRows.read(row),
                            row.getLong("ordinal"),
                            row.getLong("rows_found")),
                    bounded(
                        SELECT
                            + "WHERE v.ordinal > ? AND v.type LIKE ANY (?)"
                            + " AND (? = '' OR v.type = ?) AND (? = '' OR v.status = ?)"
                            + " ORDER BY ordinal LIMIT ?",
                        "ordinal"),
                    after,
                    likes(types),
                    type,
                    type,
                    status,
                    status,
                    limit + 1));
    List<Found> page = found.subList(0, Math.min(limit, found.size()));
    boolean more = !page.isEmpty() && page.get(0).all() > page.size();
    return new Page(
        page.stream().map(Found::schema).toList(), more ? page.get(page.size() - 1).ordinal() : 0);
  }

  /**
   * As many of these rows as have {@link #PAGE_BYTES_MAX} of text together, and how many there are.
   * Lengths are known to Postgres without reading the texts.
   *
   * @param rows a query in this order
   */
  private static String bounded(String rows, String order) {
    return "SELECT * FROM (SELECT page.*, count(*) OVER () AS rows_found,"
        + " row_number() OVER in_order AS place,"
        + " sum(octet_length(document) + coalesce(octet_length(self_contained), 0)"
        + " + octet_length(metadata) + octet_length(migration)) OVER in_order AS text_bytes"
        + " FROM ("
        + rows
        + ") page WINDOW in_order AS (ORDER BY "
        + order
        + ")) sized WHERE text_bytes <= "
        + PAGE_BYTES_MAX
        + " OR place = 1 ORDER BY "
        + order;
  }

  /** What happened to a version, oldest first. */
  public List<AuditEntry> history(String type, int version) throws SQLException {
    return Sql.query(
        database,
        sql ->
            sql.list(
                row ->
                    new AuditEntry(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("type"),
                        row.getInt("version"),
                        row.getString("reason")),
                "SELECT at, actor, action, type, version, reason FROM registry.audit"
                    + " WHERE type = ? AND version = ? ORDER BY entry",
                type,
                version));
  }

  /** Counts every change to any schema; equal numbers mean that nothing changed in between. */
  public long revision() throws SQLException {
    return Sql.query(database, sql -> sql.number("SELECT value FROM registry.revision"));
  }

  private static String[] likes(List<String> patterns) {
    return patterns.stream()
        .map(
            pattern ->
                pattern
                    .replace("\\", "\\\\")
                    .replace("_", "\\_")
                    .replace("%", "\\%")
                    .replace("*", "%"))
        .toArray(String[]::new);
  }
}
