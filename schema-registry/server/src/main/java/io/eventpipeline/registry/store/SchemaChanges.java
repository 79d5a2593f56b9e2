package io.eventpipeline.registry.store;

import io.eventpipeline.registry.store.ChangeRefusedException.Reason;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Every change to versions. Blocks: call it on a worker thread.
 *
 * <p>Safe with several servers on one database: a change holds its subject's lock from its first
 * look to its commit, so versions have no gaps and what was checked still holds; see {@link
 * Subjects} for the order of locks. The unique indexes and triggers hold even where a lock was
 * forgotten.
 */
public final class SchemaChanges {
  private final DataSource database;
  private final Publication publication;

  SchemaChanges(DataSource database, Publication publication) {
    this.database = database;
    this.publication = publication;
  }

  /**
   * What came of a registration.
   *
   * @param created false when the type already had this content: nothing was changed
   */
  public record Registration(SchemaVersion schema, boolean created) {}

  /**
   * What is to be registered.
   *
   * @param draft whether it may still change afterwards
   * @param expectedVersion the number it must get, 0 for any
   */
  public record Proposal(
      String type,
      Content content,
      String description,
      Evolution evolution,
      boolean draft,
      int expectedVersion) {

    /** Says nothing of how it follows from earlier versions. */
    public Proposal(
        String type, Content content, String description, boolean draft, int expectedVersion) {
      this(type, content, description, Evolution.NONE, draft, expectedVersion);
    }
  }

  /**
   * Adds the next version of a type, or returns the version that has this content already. A draft
   * of the same content is published.
   *
   * @throws ChangeRefusedException READ_ONLY, WRONG_VERSION, UNKNOWN_REFERENCE, INCOMPATIBLE,
   *     MIGRATION_FAILS, CANNOT_SUPERSEDE, COLUMNS_MISSING; DUPLICATE_CONTENT when a version has
   *     this content and follows from others in another way
   */
  public Registration register(Proposal proposal, Change change)
      throws SQLException, ChangeRefusedException {
    String sha256 = proposal.content().sha256();
    Optional<SchemaVersion> known =
        Sql.query(database, sql -> VersionRows.sameContent(sql, proposal.type(), sha256));
    if (known.isPresent() && isThere(known.get(), proposal)) {
      return new Registration(known.get(), false);
    }
    return Sql.transaction(database, sql -> register(sql, proposal, change));
  }

  private static boolean isThere(SchemaVersion known, Proposal proposal) {
    boolean expected =
        proposal.expectedVersion() == 0 || proposal.expectedVersion() == known.version();
    return expected && (known.live() || proposal.draft()) && follows(known, proposal);
  }

  private static boolean follows(SchemaVersion known, Proposal proposal) {
    return proposal.evolution().isNone() || proposal.evolution().equals(known.evolution());
  }

  private Registration register(Sql sql, Proposal proposal, Change change)
      throws SQLException, ChangeRefusedException {
    String type = proposal.type();
    Subjects.lock(sql, type);
    Refusals.unlessWritable(sql, type);
    Optional<SchemaVersion> known = VersionRows.sameContent(sql, type, proposal.content().sha256());
    if (known.isPresent() && isThere(known.get(), proposal)) {
      return new Registration(known.get(), false);
    }
    if (known.isPresent() && !follows(known.get(), proposal)) {
      throw new ChangeRefusedException(
          Reason.DUPLICATE_CONTENT,
          name(known.get()) + " has this content, and another migration or correction");
    }
    if (known.isPresent() && known.get().status() == Status.DRAFT) {
      return publishTwin(sql, known.get(), proposal, change);
    }
    return add(sql, proposal, change);
  }

  /** The draft that holds this content, or a new version when a later one overtook the draft. */
  private Registration publishTwin(Sql sql, SchemaVersion draft, Proposal proposal, Change change)
      throws SQLException, ChangeRefusedException {
    if (newestNumber(sql, draft.type()) < draft.version()) {
      return new Registration(moved(sql, draft, Status.PUBLISHED, change), true);
    }
    moved(sql, draft, Status.WITHDRAWN, new Change(change.actor(), "overtaken by its own content"));
    return add(sql, proposal, change);
  }

  private Registration add(Sql sql, Proposal proposal, Change change)
      throws SQLException, ChangeRefusedException {
    String type = proposal.type();
    Content content = proposal.content();
    Evolution evolution = proposal.evolution();
    Integer upcastsFrom =
        proposal.draft() ? null : publication.check(sql, type, content, evolution);
    int version = Subjects.nextVersion(sql, type);
    if (proposal.expectedVersion() != 0 && proposal.expectedVersion() != version) {
      throw new ChangeRefusedException(
          Reason.WRONG_VERSION, "the next version of " + type + " is " + version);
    }
    Edit.refuseLater(evolution, version);
    long revision = Subjects.nextRevision(sql);
    Refusals.deadReferences(sql, content);
    sql.update(
        "INSERT INTO registry.schema_version (type, version, content_id, status, description,"
            + " created_by, changed, published_at, migration, supersedes, upcasts_from)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN NULL ELSE now() END,"
            + " nullif(?, ''), nullif(?, 0), ?::integer)",
        type,
        version,
        VersionRows.contentId(sql, content),
        (proposal.draft() ? Status.DRAFT : Status.PUBLISHED).code(),
        proposal.description(),
        change.actor(),
        revision,
        proposal.draft(),
        evolution.migration(),
        evolution.supersedes(),
        upcastsFrom);
    Subjects.audit(
        sql,
        revision,
        change,
        (proposal.draft() ? "draft" : "publish") + Edit.said(evolution),
        type,
        version);
    return new Registration(VersionRows.find(sql, type, version).orElseThrow(), true);
  }

  /**
   * Replaces what a draft holds.
   *
   * @param ifMatch tag that the draft must have, {@code ""} for any
   * @throws ChangeRefusedException UNKNOWN_*, NOT_A_DRAFT, CHANGED_MEANWHILE, READ_ONLY,
   *     DUPLICATE_CONTENT, UNKNOWN_REFERENCE or CANNOT_SUPERSEDE
   */
  public SchemaVersion edit(String type, int version, Edit edit, String ifMatch, Change change)
      throws SQLException, ChangeRefusedException {
    return Sql.transaction(
        database,
        sql -> {
          SchemaVersion draft = lock(sql, type, version, ifMatch);
          if (draft.status() != Status.DRAFT) {
            throw new ChangeRefusedException(
                Reason.NOT_A_DRAFT, name(draft) + " is " + draft.status().code());
          }
          SchemaVersion now = edit.on(draft);
          Optional<SchemaVersion> twin = VersionRows.sameContent(sql, type, now.content().sha256());
          if (twin.isPresent() && twin.get().version() != version) {
            throw new ChangeRefusedException(
                Reason.DUPLICATE_CONTENT, name(twin.get()) + " has this content already");
          }
          long revision = Subjects.nextRevision(sql);
          Refusals.deadReferences(sql, now.content());
          sql.update(
              "UPDATE registry.schema_version SET content_id = ?, description = ?, changed = ?,"
                  + " migration = nullif(?, ''), supersedes = nullif(?, 0)"
                  + " WHERE type = ? AND version = ?",
              VersionRows.contentId(sql, now.content()),
              now.description(),
              revision,
              now.evolution().migration(),
              now.evolution().supersedes(),
              type,
              version);
          Evolution said =
              now.evolution().equals(draft.evolution()) ? Evolution.NONE : now.evolution();
          Subjects.audit(sql, revision, change, "edit" + Edit.said(said), type, version);
          return VersionRows.find(sql, type, version).orElseThrow();
        });
  }

  /**
   * Moves a version forward. One that is there already stays as it is.
   *
   * @param ifMatch tag that the version must have, {@code ""} for any
   * @throws ChangeRefusedException UNKNOWN_*, WRONG_STATUS, CHANGED_MEANWHILE, READ_ONLY; to
   *     publish also STALE_DRAFT, INCOMPATIBLE, MIGRATION_FAILS, CANNOT_SUPERSEDE, COLUMNS_MISSING
   *     or UNKNOWN_REFERENCE; to withdraw also REFERENCED
   */
  public SchemaVersion move(String type, int version, Status to, String ifMatch, Change change)
      throws SQLException, ChangeRefusedException {
    return Sql.transaction(
        database,
        sql -> {
          SchemaVersion schema = lock(sql, type, version, ifMatch);
          return schema.status() == to ? schema : moved(sql, schema, to, change);
        });
  }

  private SchemaVersion moved(Sql sql, SchemaVersion schema, Status to, Change change)
      throws SQLException, ChangeRefusedException {
    if (!schema.status().mayBecome(to)) {
      throw new ChangeRefusedException(
          Reason.WRONG_STATUS,
          name(schema) + " is " + schema.status().code() + " and cannot become " + to.code());
    }
    Integer upcastsFrom = null;
    if (to == Status.PUBLISHED) {
      int newest = newestNumber(sql, schema.type());
      if (newest > schema.version()) {
        throw new ChangeRefusedException(
            Reason.STALE_DRAFT,
            "version " + newest + " was published meanwhile: make a new draft of this content");
      }
      upcastsFrom = publication.check(sql, schema.type(), schema.content(), schema.evolution());
    }
    long revision = Subjects.nextRevision(sql);
    if (to == Status.PUBLISHED) {
      Refusals.deadReferences(sql, schema.content());
    } else if (to == Status.WITHDRAWN) {
      Refusals.referenced(sql, schema, "AND v.status <> 'withdrawn'");
    }
    sql.update(
        "UPDATE registry.schema_version SET status = ?, changed = ?,"
            + " published_at = CASE WHEN ? THEN now() ELSE published_at END,"
            + " upcasts_from = coalesce(?::integer, upcasts_from)"
            + " WHERE type = ? AND version = ?",
        to.code(),
        revision,
        to == Status.PUBLISHED,
        upcastsFrom,
        schema.type(),
        schema.version());
    Subjects.audit(sql, revision, change, action(to), schema.type(), schema.version());
    return VersionRows.find(sql, schema.type(), schema.version()).orElseThrow();
  }

  private static String action(Status to) {
    return switch (to) {
      case DRAFT -> "draft";
      case PUBLISHED -> "publish";
      case DEPRECATED -> "deprecate";
      case WITHDRAWN -> "withdraw";
    };
  }

  /**
   * Withdraws, or erases what is withdrawn: then neither its number nor its id leads anywhere, and
   * neither is given again.
   *
   * @throws ChangeRefusedException UNKNOWN_*, READ_ONLY, REFERENCED, ALREADY_WITHDRAWN (not when
   *     erasing), NOT_WITHDRAWN (when erasing)
   */
  public void delete(String type, int version, boolean permanent, Change change)
      throws SQLException, ChangeRefusedException {
    Sql.transaction(
        database,
        sql -> {
          SchemaVersion schema = lock(sql, type, version, "");
          if (!schema.published()) {
            throw unknownVersion(type, version);
          }
          return delete(sql, schema, permanent, change);
        });
  }

  /**
   * As {@link #delete} with every version of a type that was ever published, and forgets the
   * settings of the type.
   *
   * @return the versions that went
   */
  public List<Integer> deleteSubject(String type, boolean permanent, Change change)
      throws SQLException, ChangeRefusedException {
    return Sql.transaction(
        database,
        sql -> {
          Subjects.lock(sql, type);
          Refusals.unlessWritable(sql, type);
          List<SchemaVersion> all =
              sql.list(
                  VersionRows::read,
                  VersionRows.SELECT
                      + "WHERE v.type = ? AND v.published_at IS NOT NULL ORDER BY v.version",
                  type);
          if (all.isEmpty()) {
            throw new ChangeRefusedException(Reason.UNKNOWN_TYPE, "there is no subject " + type);
          }
          boolean anyLive = all.stream().anyMatch(SchemaVersion::live);
          if (permanent && anyLive) {
            throw new ChangeRefusedException(
                Reason.NOT_WITHDRAWN, "subject " + type + " was not deleted yet");
          }
          if (!permanent && !anyLive) {
            throw new ChangeRefusedException(
                Reason.ALREADY_WITHDRAWN, "subject " + type + " is deleted already");
          }
          List<SchemaVersion> going =
              all.stream().filter(schema -> permanent || schema.live()).toList();
          for (int i = going.size() - 1; i >= 0; i--) {
            delete(
                sql, going.get(i), permanent, change); // the newest first: it may refer to others
          }
          SubjectSettings.forget(sql, type, change);
          return going.stream().map(SchemaVersion::version).toList();
        });
  }

  private SchemaVersion delete(Sql sql, SchemaVersion schema, boolean permanent, Change change)
      throws SQLException, ChangeRefusedException {
    boolean withdrawn = schema.status() == Status.WITHDRAWN;
    if (!permanent) {
      if (withdrawn) {
        throw new ChangeRefusedException(
            Reason.ALREADY_WITHDRAWN, name(schema) + " is deleted already");
      }
      return moved(sql, schema, Status.WITHDRAWN, change);
    }
    if (!withdrawn) {
      throw new ChangeRefusedException(Reason.NOT_WITHDRAWN, name(schema) + " was not deleted yet");
    }
    long revision = Subjects.nextRevision(sql);
    Refusals.referenced(sql, schema, "");
    sql.update(
        "DELETE FROM registry.schema_version WHERE type = ? AND version = ?",
        schema.type(),
        schema.version());
    sql.update(
        "DELETE FROM registry.schema_content WHERE id = ? AND NOT EXISTS"
            + " (SELECT FROM registry.schema_version WHERE content_id = ?)",
        schema.id(),
        schema.id());
    Subjects.audit(sql, revision, change, "erase", schema.type(), schema.version());
    return schema;
  }

  private SchemaVersion lock(Sql sql, String type, int version, String ifMatch)
      throws SQLException, ChangeRefusedException {
    Subjects.lock(sql, type);
    Optional<SchemaVersion> schema = VersionRows.find(sql, type, version);
    if (schema.isEmpty()) {
      throw sql.exists("SELECT FROM registry.schema_version WHERE type = ? LIMIT 1", type)
          ? unknownVersion(type, version)
          : new ChangeRefusedException(Reason.UNKNOWN_TYPE, "there is no type " + type);
    }
    if (!ifMatch.isEmpty() && !ifMatch.equals("*") && !ifMatch.equals(schema.get().etag())) {
      throw new ChangeRefusedException(
          Reason.CHANGED_MEANWHILE, "the tag is " + schema.get().etag() + " by now");
    }
    Refusals.unlessWritable(sql, type);
    return schema.get();
  }

  private static int newestNumber(Sql sql, String type) throws SQLException {
    return (int)
        sql.number(
            "SELECT coalesce(max(version), 0) FROM registry.schema_version"
                + " WHERE type = ? AND published_at IS NOT NULL",
            type);
  }

  private static ChangeRefusedException unknownVersion(String type, int version) {
    return new ChangeRefusedException(Reason.UNKNOWN_VERSION, type + " has no version " + version);
  }

  private static String name(SchemaVersion schema) {
    return schema.type() + "/" + schema.version();
  }
}
