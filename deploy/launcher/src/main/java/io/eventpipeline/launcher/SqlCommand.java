package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.StackPorts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code sql "<query>" [--format F]}: the answer of ClickHouse, as it comes. */
final class SqlCommand {
  private final String query;
  private final String format;

  private SqlCommand(String query, String format) {
    this.query = query;
    this.format = format;
  }

  static SqlCommand parse(List<String> args) {
    Options options = Options.parse("sql", args, Set.of(), Set.of("--format"));
    if (options.positionals().size() != 1 || options.positionals().get(0).isBlank()) {
      throw new UsageException("sql takes one query, in quotes");
    }
    return new SqlCommand(
        options.positionals().get(0), options.value("--format").orElse("TabSeparated"));
  }

  /** Streams the answer to {@code out}; nothing is buffered but one chunk. */
  int run(StackPorts ports, PrintStream out) throws InterruptedException {
    RunningStack stack = new RunningStack(ports, Path.of("."));
    try (Answer answer = new Analyst(stack.clickhouse()).query(query, format)) {
      answer.copyTo(out);
      return 0;
    } catch (IOException e) {
      throw new CommandException(
          "ClickHouse at " + stack.clickhouse() + " did not answer to the end: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
