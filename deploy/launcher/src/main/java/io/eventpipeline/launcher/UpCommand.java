package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.Stack;
import io.eventpipeline.launcher.stack.StackHome;
import io.eventpipeline.launcher.stack.StackPlan;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code up [--data DIR] [--fresh]}: everything, in the foreground, until Ctrl-C or SIGTERM. */
final class UpCommand {
  private final Path data;
  private final boolean fresh;

  private UpCommand(Path data, boolean fresh) {
    this.data = data;
    this.fresh = fresh;
  }

  static UpCommand parse(List<String> args) {
    Options options = Options.parse("up", args, Set.of("--fresh"), Set.of("--data"));
    if (!options.positionals().isEmpty()) {
      throw new UsageException("up takes no arguments but its options");
    }
    try {
      return new UpCommand(
          options.value("--data").map(Path::of).orElse(null), options.has("--fresh"));
    } catch (InvalidPathException e) {
      throw new UsageException("--data is no path: " + e.getMessage());
    }
  }

  /** Returns 0 after a clean stop that somebody asked for. */
  int run(int portOffset, Path root, Map<String, String> environment, PrintStream out) {
    StackHome home = StackHome.of(data, portOffset, environment);
    try (Stack stack = Stack.open(StackPlan.of(home, portOffset, root), fresh, out)) {
      Interrupts.handle(stack::requestStop);
      Duration time = stack.start();
      out.print(Welcome.text(stack.address(), time));
      out.flush();
      stack.supervise();
      return 0;
    } catch (InterruptedException asked) {
      return 0;
    }
  }
}
