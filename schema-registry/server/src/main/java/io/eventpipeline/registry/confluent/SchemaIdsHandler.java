package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Access;
import io.eventpipeline.registry.Grant;
import io.eventpipeline.registry.Workers;
import io.eventpipeline.registry.store.SchemaStore;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Stores;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /schemas} and what is below: schemas by what they are, not by where they are used. */
final class SchemaIdsHandler {
  /** Most schemas in one answer; fewer when they are large, see {@link SchemaStore#select}. */
  private static final int LIMIT_MAX = 1_000;

  private final Stores stores;
  private final Workers workers;

  SchemaIdsHandler(Stores stores, Workers workers) {
    this.stores = stores;
    this.workers = workers;
  }

  /** All versions, or the newest of each subject. */
  void list(RoutingContext ctx) {
    SchemaStore.Selection wanted =
        new SchemaStore.Selection(
            Access.grant(ctx).subjects(),
            Query.prefix(ctx),
            Query.flag(ctx, "deleted"),
            Query.flag(ctx, "latestOnly"),
            Query.number(ctx, "offset", 0),
            Math.min(LIMIT_MAX, Query.number(ctx, "limit", LIMIT_MAX)));
    workers.run(
        ctx,
        () -> stores.schemas().select(wanted),
        found -> Documents.send(ctx, Documents.array(map(found, Documents::version))));
  }

  /** What the type of a schema may be. */
  void types(RoutingContext ctx) {
    Documents.send(ctx, Documents.array(List.of(Documents.SCHEMA_TYPE)));
  }

  /** The schema that a serialised event names by its id. */
  void byId(RoutingContext ctx) {
    boolean withMax = Query.flag(ctx, "fetchMaxId");
    usages(
        ctx,
        found -> {
          ObjectNode answer = Documents.content(found.get(0));
          return withMax ? answer.put("maxId", stores.schemas().idMax()) : answer;
        });
  }

  /** The schema itself, and nothing around it. */
  void schema(RoutingContext ctx) {
    usages(ctx, found -> found.get(0).content().document());
  }

  /** Which subjects use it. */
  void subjects(RoutingContext ctx) {
    usages(
        ctx,
        found ->
            Documents.array(
                Query.page(
                    ctx,
                    shown(ctx, found).stream()
                        .map(SchemaVersion::type)
                        .distinct()
                        .sorted()
                        .toList())));
  }

  /** Which versions of which subjects have it. */
  void versions(RoutingContext ctx) {
    usages(
        ctx,
        found ->
            Documents.array(
                map(
                    Query.page(ctx, shown(ctx, found)),
                    schema ->
                        Documents.object()
                            .put("subject", schema.type())
                            .put("version", schema.version()))));
  }

  /** As {@link #byId}, by the id that is the same in every registry. */
  void byGuid(RoutingContext ctx) {
    usages(ctx, found -> Documents.content(found.get(0)));
  }

  /** Which id it has here. */
  void idsOfGuid(RoutingContext ctx) {
    usages(
        ctx,
        found ->
            Documents.array(
                List.of(Documents.object().put("context", ".").put("id", found.get(0).id()))));
  }

  @FunctionalInterface
  private interface Answer {
    /** A JSON document, or its text. */
    Object of(List<SchemaVersion> found) throws SQLException;
  }

  /** Withdrawn versions count: what was written with them must stay readable. */
  private void usages(RoutingContext ctx, Answer answer) {
    Grant grant = Access.grant(ctx);
    String id = ctx.pathParam("id");
    String guid = ctx.pathParam("guid");
    workers.run(
        ctx,
        () -> {
          List<SchemaVersion> all =
              id == null
                  ? stores.schemas().usages(guid(guid))
                  : stores.schemas().usages(number(id));
          List<SchemaVersion> covered =
              all.stream()
                  .filter(schema -> schema.published() && grant.covers(schema.type()))
                  .toList();
          if (covered.isEmpty()) {
            throw new ConfluentError(
                ErrorCode.SCHEMA_NOT_FOUND, "Schema " + (id == null ? guid : id) + " not found");
          }
          return String.valueOf(answer.of(covered));
        },
        body -> Documents.sendText(ctx, body));
  }

  private static int number(String id) {
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw new ConfluentError(ErrorCode.NOT_FOUND, "'" + id + "' is not an id");
    }
  }

  private static UUID guid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new ConfluentError(ErrorCode.SCHEMA_NOT_FOUND, "'" + text + "' is not a guid");
    }
  }

  private static List<SchemaVersion> shown(RoutingContext ctx, List<SchemaVersion> found) {
    String subject = ctx.queryParams().get("subject");
    String wanted = subject == null ? "" : Query.unqualified(subject);
    boolean deleted = Query.flag(ctx, "deleted");
    return found.stream()
        .filter(schema -> deleted || schema.live())
        .filter(schema -> wanted.isEmpty() || schema.type().equals(wanted))
        .toList();
  }

  private static <T> List<JsonNode> map(List<T> all, Function<T, ObjectNode> toJson) {
    return all.stream().<JsonNode>map(toJson).toList();
  }
}
