package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.ComponentState;
import io.eventpipeline.launcher.stack.JobStatus;
import io.eventpipeline.launcher.stack.Probes;
import io.eventpipeline.launcher.stack.ProcessId;
import io.eventpipeline.launcher.stack.StackState;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code status [--json]}: what the launcher last wrote, checked against the processes and asked of
 * each component again. Exit code 0 only when every component is ready and the job runs.
 */
final class StatusCommand {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final boolean json;

  private StatusCommand(boolean json) {
    this.json = json;
  }

  /** A component as it is now. */
  private record Line(StackState.Component component, ComponentState state, OptionalLong rss) {}

  static StatusCommand parse(List<String> args) {
    Options options = Options.parse("status", args, Set.of("--json"), Set.of());
    if (!options.positionals().isEmpty()) {
      throw new UsageException("status takes no arguments");
    }
    return new StatusCommand(options.has("--json"));
  }

  int run(StackState stack, PrintStream out, PrintStream err) throws InterruptedException {
    Probes probes = new Probes(stack.stack());
    List<Line> lines =
        stack.components().parallelStream().map(component -> now(component, probes)).toList();
    JobStatus job = JobStatus.ask(stack.stack().flink());
    if (json) {
      printJson(lines, out);
    } else {
      printTable(lines, out);
    }
    boolean componentsReady = lines.stream().allMatch(line -> line.state == ComponentState.READY);
    (json ? err : out).println("job: " + job.detail());
    return componentsReady && job.ready() ? 0 : 1;
  }

  private static Line now(StackState.Component component, Probes probes) {
    OptionalLong rss =
        component.process() == null ? OptionalLong.empty() : component.process().rssBytes();
    ComponentState state = component.state();
    if (state == ComponentState.READY || state == ComponentState.UNHEALTHY) {
      if (rss.isEmpty()) {
        state = ComponentState.DOWN;
      } else {
        state = probes.answers(component.name()) ? ComponentState.READY : ComponentState.UNHEALTHY;
      }
    }
    return new Line(component, state, rss);
  }

  private static void printJson(List<Line> lines, PrintStream out) {
    ObjectNode all = JSON.createObjectNode();
    for (Line line : lines) {
      ObjectNode one = all.putObject(line.component.name());
      ProcessId process = line.component.process();
      one.put("pid", process == null || line.rss.isEmpty() ? null : (Long) process.pid());
      one.put("port", line.component.port());
      one.put("state", line.state.label());
      one.put("rss_bytes", line.rss.isEmpty() ? null : (Long) line.rss.getAsLong());
    }
    out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all));
  }

  private static void printTable(List<Line> lines, PrintStream out) {
    out.printf(
        "%-22s %-11s %8s %6s %10s %9s%n", "component", "state", "pid", "port", "rss", "restarts");
    for (Line line : lines) {
      ProcessId process = line.component.process();
      out.printf(
          Locale.ROOT,
          "%-22s %-11s %8s %6s %10s %9d%n",
          line.component.name(),
          line.state.label(),
          process == null || line.rss.isEmpty() ? "-" : process.pid(),
          line.component.port() == null ? "-" : line.component.port(),
          line.rss.isEmpty() ? "-" : line.rss.getAsLong() / (1024 * 1024) + " MiB",
          line.component.restarts());
    }
  }
}
