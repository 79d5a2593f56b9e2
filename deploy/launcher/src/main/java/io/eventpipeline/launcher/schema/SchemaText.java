package io.eventpipeline.launcher.schema;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What people read of the registry's answers. */
final class SchemaText {
  /** Of a fragment: more is for {@code --json}. */
  private static final int FRAGMENT_CHARS_MAX = 60;

  private SchemaText() {}

  static void list(List<JsonNode> schemas, PrintStream out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("TYPE", "VERSION", "STATUS", "ID", "CREATED", "DESCRIPTION"));
    for (JsonNode schema : schemas) {
      rows.add(
          List.of(
              text(schema, "type"),
              text(schema, "version"),
              text(schema, "status"),
              text(schema, "id"),
              text(schema, "created_at"),
              printable(text(schema, "description"))));
    }
    table(rows, out);
  }

  static void registered(JsonNode schema, boolean isNew, PrintStream out) {
    out.println(
        text(schema, "type")
            + "/"
            + text(schema, "version")
            + " is "
            + text(schema, "status")
            + (isNew ? "" : " already")
            + ", id "
            + text(schema, "id"));
  }

  static void check(JsonNode answer, PrintStream out) {
    boolean publishable = answer.path("compatible").asBoolean(false);
    boolean compatible = schemaCompatible(answer);
    JsonNode obstacles = answer.path("obstacles");
    boolean migrates = answer.path("migration").path("works").asBoolean(true);
    boolean held = compatible && (!publishable || !migrates);
    out.println(
        text(answer, "type")
            + ": "
            + (compatible ? "compatible" : "not compatible")
            + " ("
            + text(answer, "level")
            + ", "
            + text(answer, "policy")
            + ")"
            + (answer.has("same_as") ? "; the same as version " + text(answer, "same_as") : "")
            + (held ? "; cannot be published yet:" : ""));
    findings(answer, out);
    if (!compatible && !obstacles.isEmpty()) {
      out.println("also in the way of publishing:");
    }
    for (JsonNode obstacle : obstacles) {
      out.println("  " + text(obstacle, "code") + ": " + printable(text(obstacle, "detail")));
    }
    if (!publishable && answer.path("findings").isEmpty() && obstacles.isEmpty()) {
      out.println("  " + printable(text(answer, "detail")));
    }
    if (answer.path("migration").isObject()) {
      migration(answer.path("migration"), out);
    }
    JsonNode sample = answer.path("sample");
    if (sample.isObject()) {
      sample(sample, out);
    }
  }

  /** Of the schemas alone; a registry that does not tell it says all that it knows as one. */
  private static boolean schemaCompatible(JsonNode answer) {
    return answer.has("schema_verdict")
        ? text(answer, "schema_verdict").equals("compatible")
        : answer.path("compatible").asBoolean(false);
  }

  private static void migration(JsonNode migration, PrintStream out) {
    boolean works = migration.path("works").asBoolean(false);
    out.println(
        "migration: "
            + (works ? "works on " : "fails; tried on ")
            + text(migration, "examples")
            + " examples of version "
            + text(migration, "from"));
    for (JsonNode objection : migration.path("objections")) {
      out.println("  " + printable(objection.asString()));
    }
  }

  /** Each finding is a row, and below it the sentence and both fragments. */
  private static void findings(JsonNode answer, PrintStream out) {
    JsonNode findings = answer.path("findings");
    if (findings.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("VERSION", "RULE", "POINTER", "SMALLEST CHANGE"));
    for (JsonNode finding : findings) {
      rows.add(
          List.of(
              text(finding, "against"),
              text(finding, "rule"),
              printable(pointer(finding.path("pointer"))),
              change(finding.path("change"))));
    }
    List<String> lines = lines(rows);
    out.println(lines.get(0));
    for (int i = 0; i < findings.size(); i++) {
      JsonNode finding = findings.get(i);
      out.println(lines.get(i + 1));
      out.println("         " + printable(text(finding, "message")));
      out.println(
          "         old: "
              + fragment(finding.path("old"))
              + "  new: "
              + fragment(finding.path("new")));
    }
    int left = answer.path("findings_left_out").asInt(0);
    if (left > 0) {
      out.println("and " + left + " more");
    }
  }

  private static String pointer(JsonNode pointer) {
    return pointer.asString("").isEmpty() ? "(root)" : pointer.asString();
  }

  private static String change(JsonNode change) {
    if (!change.isObject()) {
      return "-";
    }
    String what = text(change, "op") + " " + printable(pointer(change.path("path")));
    return change.has("value") ? what + " = " + fragment(change.path("value")) : what;
  }

  private static String fragment(JsonNode fragment) {
    if (fragment.isMissingNode()) {
      return "(absent)";
    }
    String text = printable(fragment.toString());
    return text.length() <= FRAGMENT_CHARS_MAX
        ? text
        : text.substring(0, FRAGMENT_CHARS_MAX - 1) + "…";
  }

  private static void sample(JsonNode sample, PrintStream out) {
    out.println("stored events: " + printable(text(sample, "sentence")));
    if (sample.path("migrated").asLong(0) > 0) {
      out.println("  " + text(sample, "migrated") + " were migrated before");
    }
    long already = sample.path("rejected_already").asLong(0);
    if (already > 0) {
      out.println("  " + already + " of them are rejected today, too");
    }
    if (sample.path("one_in").asLong(1) > 1) {
      out.println(
          "  one in " + text(sample, "one_in") + " of " + text(sample, "matching") + " was tried");
    }
    if (!sample.path("complete").asBoolean(true)) {
      out.println(
          "  the sample is not complete, it ended by its limit of " + text(sample, "stopped_by"));
    }
    failures(sample, out);
    for (JsonNode reason : sample.path("reasons")) {
      JsonNode example = reason.path("example");
      out.println(
          "  "
              + text(reason, "count")
              + " × /data"
              + printable(text(reason, "pointer"))
              + " ("
              + text(reason, "keyword")
              + "), such as event "
              + printable(text(example, "event_id"))
              + " of "
              + printable(text(example, "store_id"))
              + " "
              + printable(text(example, "source"))
              + " at "
              + text(example, "received_at"));
    }
  }

  private static void failures(JsonNode sample, PrintStream out) {
    for (JsonNode failure : sample.path("migration_failures")) {
      out.println(
          "  "
              + text(failure, "count")
              + " × "
              + printable(text(failure, "why"))
              + ", such as event "
              + printable(text(failure.path("example"), "event_id")));
    }
  }

  static void plan(JsonNode plan, PrintStream out) {
    if (plan.path("columns").isEmpty()) {
      out.println(text(plan, "type") + ": no field is to be a column");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("COLUMN", "TYPE", "FROM", "STATE"));
    for (JsonNode column : plan.path("columns")) {
      String found = column.has("found") ? ": is " + text(column, "found") : "";
      rows.add(
          List.of(
              text(column, "name"),
              text(column, "type"),
              "/data" + text(column, "pointer"),
              text(column, "state") + found));
    }
    table(rows, out);
    boolean applied = plan.path("applied").asBoolean(false);
    for (JsonNode statement : plan.path("statements")) {
      out.println((applied ? "-- done\n" : "") + statement.asString() + ";");
    }
  }

  /**
   * A problem document, with the findings or statements that it may carry; or whatever else
   * something that is no registry of this kind answered.
   */
  static void problem(JsonNode problem, PrintStream err) {
    if (!problem.has("code")) {
      err.println("deploy/local: the registry refuses: " + printable(problem.toString()));
      return;
    }
    boolean explained = !problem.path("findings").isEmpty();
    String detail = explained ? text(problem, "title") : text(problem, "detail");
    err.println("deploy/local: " + text(problem, "code") + ": " + printable(detail));
    findings(problem, err);
  }

  private static void table(List<List<String>> rows, PrintStream out) {
    lines(rows).forEach(out::println);
  }

  private static List<String> lines(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  /** Without control characters: a terminal would obey them. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
