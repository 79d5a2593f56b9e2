package io.eventpipeline.registry.warehouse;

import io.eventpipeline.registry.JsonBody;
import io.eventpipeline.registry.Problem;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.ChangeRefusedException.Reason;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.MissingColumns;
import io.eventpipeline.registry.store.PublishingRule;
import io.eventpipeline.registry.warehouse.ColumnPlan.Column;
import io.eventpipeline.registry.warehouse.ColumnPlan.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns promoted fields into columns of {@code events_processed}, and lets no version be published
 * whose columns are not there.
 *
 * <p>A column is computed from {@code data} by its default expression: when a row is inserted, and
 * for rows that are there already when they are read. So the job, which names the columns that it
 * inserts, needs no change and no restart, and rows of the past have the column too. The view
 * {@code processed} is made again, since a view keeps the columns that it was made with.
 */
public final class ColumnPlanner implements PublishingRule {
  private static final String TABLE = "events_processed";
  private static final String VIEW = "processed";

  private static final String COLUMNS =
      "SELECT table, name, type, comment, default_kind FROM system.columns"
          + " WHERE database = {database:String} AND table IN ('events_processed', 'processed')";

  private final Optional<Warehouse> warehouse;

  public ColumnPlanner(Optional<Warehouse> warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public void require(Content content) throws ChangeRefusedException {
    List<PromotedField> fields = fields(content);
    if (fields.isEmpty()) {
      return;
    }
    ColumnPlan plan = plan(fields);
    if (!plan.conflicts().isEmpty()) {
      throw conflict(plan);
    }
    if (!plan.statements().isEmpty()) {
      throw new ChangeRefusedException(
          Reason.COLUMNS_MISSING,
          "These columns are not there yet. To be run before, here or by POST"
              + " /schemas/{type}/plan?apply=true: "
              + String.join("; ", plan.statements()),
          new MissingColumns(plan.statements()));
    }
  }

  /**
   * The fields of a schema that are to be columns.
   *
   * @throws Problem UNUSABLE_COLUMN
   */
  public static List<PromotedField> fields(Content content) {
    return content.selfContained().contains(PromotedFields.KEYWORD)
        ? PromotedFields.of(
            JsonBody.parse(content.selfContained().getBytes(StandardCharsets.UTF_8)))
        : List.of();
  }

  /**
   * What is there and what has to be done.
   *
   * @throws Problem CLICKHOUSE_NOT_CONFIGURED, CLICKHOUSE_UNAVAILABLE
   */
  public ColumnPlan plan(List<PromotedField> fields) {
    Warehouse clickhouse = warehouse();
    Map<String, Existing> table = new HashMap<>();
    Map<String, Existing> view = new HashMap<>();
    clickhouse.readMetadata(
        COLUMNS,
        Map.of("database", clickhouse.config().database()),
        row -> {
          Existing column =
              new Existing(
                  row.getString("type"), row.getString("comment"), row.getString("default_kind"));
          (row.getString("table").equals(TABLE) ? table : view).put(row.getString("name"), column);
          return true;
        });
    if (table.isEmpty()) {
      throw new Problem(
          Problem.Code.CLICKHOUSE_UNAVAILABLE,
          "There is no table " + TABLE + " yet, or it is out of sight: run the migrations");
    }
    return plan(fields, table, view);
  }

  private record Existing(String type, String comment, String defaultKind) {
    boolean isOf(PromotedField field) {
      return type.equals(field.sqlType())
          && comment.equals(field.comment())
          && defaultKind.equals("DEFAULT");
    }
  }

  private ColumnPlan plan(
      List<PromotedField> fields, Map<String, Existing> table, Map<String, Existing> view) {
    String database = warehouse().config().database();
    List<Column> columns = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    boolean conflict = false;
    boolean stale = false;
    for (PromotedField field : fields) {
      Existing existing = table.get(field.column());
      boolean shown = view.containsKey(field.column());
      stale |= !shown;
      if (existing == null) {
        statements.add(field.statement(database));
        columns.add(new Column(field, State.MISSING, ""));
      } else if (existing.isOf(field)) {
        columns.add(new Column(field, shown ? State.PRESENT : State.MISSING, ""));
      } else {
        conflict = true;
        columns.add(new Column(field, State.CONFLICT, existing.type()));
      }
    }
    if (stale) {
      statements.add(view(database));
    }
    return new ColumnPlan(database + "." + TABLE, columns, conflict ? List.of() : statements);
  }

  /** As the migrations make it. */
  private static String view(String database) {
    return "CREATE OR REPLACE VIEW `"
        + database
        + "`.`"
        + VIEW
        + "` AS SELECT * EXCEPT (_commit_id, _row_no) FROM `"
        + database
        + "`.`"
        + TABLE
        + "` FINAL";
  }

  /**
   * Does what is to be done.
   *
   * @return what is there then
   * @throws Problem COLUMN_CONFLICT, with nothing done; CLICKHOUSE_*, with some of it done: to be
   *     repeated
   */
  public ColumnPlan apply(List<PromotedField> fields) {
    ColumnPlan plan = plan(fields);
    if (!plan.conflicts().isEmpty()) {
      throw conflict(plan);
    }
    plan.statements().forEach(warehouse()::execute);
    // Two that add the same column at once: IF NOT EXISTS let one of them have its way
    ColumnPlan now = plan(fields);
    if (!now.conflicts().isEmpty()) {
      throw conflict(now);
    }
    return now;
  }

  private Warehouse warehouse() {
    return warehouse.orElseThrow(
        () ->
            new Problem(
                Problem.Code.CLICKHOUSE_NOT_CONFIGURED,
                "A field is to be a column, and this registry has no ClickHouse to ask for it"));
  }

  private static Problem conflict(ColumnPlan plan) {
    return new Problem(Problem.Code.COLUMN_CONFLICT, String.join("; ", plan.conflicts()));
  }
}
