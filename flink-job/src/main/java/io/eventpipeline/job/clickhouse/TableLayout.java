package io.eventpipeline.job.clickhouse;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a live table decides whether a row can still be found in it.
 *
 * @param engine ReplacingMergeTree, SharedMergeTree ...; {@code ""} when there is no such table
 * @param engineFull with its arguments, as ClickHouse prints it
 * @param partitionKey as ClickHouse prints it, {@code ""} for none
 * @param sortingKey as ClickHouse prints it, {@code a, f(b)}
 * @param keyColumns columns that the sorting key is made of
 */
record TableLayout(
    String engine,
    String engineFull,
    String partitionKey,
    String sortingKey,
    List<String> keyColumns) {
  private static final Pattern KEEPS = Pattern.compile("(Replicated|Shared)?MergeTree");
  private static final Pattern REPLACES = Pattern.compile("(Replicated|Shared)?ReplacingMergeTree");
  private static final Pattern ARGUMENTS = Pattern.compile("\\w+\\(([^()]*)\\).*", Pattern.DOTALL);

  /** Whether each row stays as it was written until something deletes it. */
  boolean keepsRows() {
    return KEEPS.matcher(engine).matches();
  }

  /** Whether a merge may leave one row of those that share a sorting key. */
  boolean replacesRows() {
    return REPLACES.matcher(engine).matches();
  }

  /** Column whose highest value survives a merge; {@code ""}: the row inserted last does. */
  String versionColumn() {
    Matcher arguments = ARGUMENTS.matcher(engineFull);
    if (!replacesRows() || !arguments.matches()) {
      return "";
    }
    // A replicated engine names its path and replica first, as strings
    return Arrays.stream(arguments.group(1).split(","))
        .map(String::strip)
        .filter(argument -> !argument.isEmpty() && !argument.startsWith("'"))
        .findFirst()
        .orElse("");
  }
}
