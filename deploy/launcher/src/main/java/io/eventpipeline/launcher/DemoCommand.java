package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.load.Load;
import io.eventpipeline.launcher.load.LoadOptions;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.StackState;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code demo [--events N] [--rate R] [--seed S]}: shopping sessions through the stack that runs,
 * or through one of its own that is gone afterwards. Exit code 0 only when every event is exactly
 * where it belongs.
 */
final class DemoCommand {
  private static final int EVENTS = 20_000;

  /** Tried in turn when the ports of the asked offset are taken. */
  private static final List<Integer> OFFSETS = List.of(11_000, 12_000, 13_000, 14_000, 15_000);

  private static final Duration LIVE_EVERY = Duration.ofSeconds(1);

  private final LoadOptions options;

  private DemoCommand(LoadOptions options) {
    this.options = options;
  }

  static DemoCommand parse(List<String> args) {
    Options options = Options.parse("demo", args, Set.of(), Set.of("--events", "--rate", "--seed"));
    if (!options.positionals().isEmpty()) {
      throw new UsageException("demo takes no arguments but its options");
    }
    long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);
    return new DemoCommand(
        new LoadOptions(
            (int) options.number("--events", EVENTS, 1, LoadOptions.EVENTS_MAX),
            (int) options.number("--rate", 0, 0, LoadOptions.RATE_MAX),
            options.number("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE)));
  }

  /**
   * Runs the demo against the stack of {@code portOffset}, or one that is started for it.
   *
   * @return exit code
   * @throws CommandException when there is no stack to be had, or it does not answer
   */
  int run(int portOffset, Path root, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    Optional<StackState> running = Stacks.find(portOffset, environment);
    boolean holds;
    if (running.isEmpty()) {
      out.println("No stack runs here: starting one for this demo, with data of its own");
      holds =
          ThrowAwayStack.use(
              "demo",
              Stream.concat(Stream.of(portOffset), OFFSETS.stream()).toList(),
              root,
              environment,
              out,
              stack -> demo(stack.address(), out));
    } else if (running.get().phase() != StackState.Phase.READY) {
      throw new CommandException("the stack is not ready yet: wait for its line READY");
    } else {
      holds = demo(running.get().stack(), out);
    }
    return holds ? 0 : 1;
  }

  private boolean demo(RunningStack stack, PrintStream out) throws InterruptedException {
    var manner =
        new Load.Manner("demo", LIVE_EVERY, Boolean.getBoolean("launcher.terminal"), false);
    try (Load load = Load.prepare(LocalTarget.of(stack, stack.edge()), options, out, manner)) {
      load.start();
      load.awaitSent();
      load.drain();
      return load.judge().holds();
    }
  }
}
