package io.eventpipeline.registry;

import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.SubjectSettings;
import io.eventpipeline.registry.warehouse.ColumnPlan;
import io.eventpipeline.registry.warehouse.ColumnPlan.Column;
import io.eventpipeline.registry.warehouse.ColumnPlan.State;
import io.eventpipeline.registry.warehouse.ColumnPlanner;
import io.eventpipeline.registry.warehouse.PromotedField;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /schemas/{type}/plan}: the DDL that a schema calls for; with {@code apply=true} it is
 * run, too, which only adds columns.
 */
final class PlanHandler {
  private static final Set<String> PARAMETERS = Set.of("apply");

  private final Proposals proposals;
  private final ColumnPlanner planner;
  private final SubjectSettings subjects;
  private final Workers longWorkers;

  PlanHandler(
      Proposals proposals, ColumnPlanner planner, SubjectSettings subjects, Workers longWorkers) {
    this.proposals = proposals;
    this.planner = planner;
    this.subjects = subjects;
    this.longWorkers = longWorkers;
  }

  /** Answers 200 with what is there and what is to be done, or was done. */
  void plan(RoutingContext ctx) {
    Parameters.allow(ctx, PARAMETERS);
    String type = Parameters.type(ctx);
    byte[] body = JsonBody.bytes(ctx);
    Grant grant = Access.grant(ctx);
    boolean apply = Parameters.flag(ctx, "apply");
    if (apply && grant.rights() != Rights.WRITE) {
      throw new Problem(Problem.Code.FORBIDDEN, "apply needs a token that may write");
    }
    longWorkers.run(
        ctx,
        () -> plan(type, body, grant, apply),
        answer ->
            ctx.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(answer)));
  }

  private byte[] plan(String type, byte[] body, Grant grant, boolean apply)
      throws SchemaRejectedException, SQLException {
    List<PromotedField> fields = ColumnPlanner.fields(proposals.plain(type, body, grant).content());
    ColumnPlan before = planner.plan(fields);
    if (!apply || before.ready()) {
      return write(type, before, before.statements(), false);
    }
    ColumnPlan after = planner.apply(fields);
    String names =
        before.columns().stream()
            .filter(column -> column.state() == State.MISSING)
            .map(column -> column.field().column())
            .collect(Collectors.joining(", "));
    subjects.note(type, "columns", new Change(grant.user(), names));
    return write(type, after, before.statements(), true);
  }

  private static byte[] write(
      String type, ColumnPlan plan, List<String> statements, boolean applied) {
    ObjectNode answer = JsonBody.JSON.createObjectNode();
    answer
        .put("type", type)
        .put("table", plan.table())
        .put("ready", plan.ready())
        .put("applied", applied);
    ArrayNode columns = answer.putArray("columns");
    for (Column column : plan.columns()) {
      ObjectNode node = columns.addObject();
      node.put("name", column.field().column())
          .put("pointer", column.field().pointer())
          .put("type", column.field().sqlType())
          .put("state", column.state().name().toLowerCase(Locale.ROOT));
      if (column.state() == State.CONFLICT) {
        node.put("found", column.found());
      }
    }
    statements.forEach(answer.putArray("statements")::add);
    return SchemaDocuments.bytes(answer);
  }
}
