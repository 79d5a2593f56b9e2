package io.eventpipeline.launcher;

import io.eventpipeline.launcher.chaos.Chaos;
import io.eventpipeline.launcher.chaos.ChaosOptions;
import io.eventpipeline.launcher.chaos.FaultKind;
import io.eventpipeline.launcher.chaos.Rig;
import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.Stack;
import io.eventpipeline.launcher.stack.StackPlan;
import io.eventpipeline.launcher.stack.StackPorts;
import java.io.Closeable;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * {@code chaos [--minutes M] [--seed S] [--faults list] [--rate R] [--brokers B]}: a stack of its
 * own under load and faults. Exit code 0 only when every event is exactly where it belongs and the
 * stream recovered from each fault.
 */
final class ChaosCommand {
  private static final String MINUTES = "5";
  private static final int RATE = 500;

  /** From the ports of the servers to those of the proxies before them; no two of them meet. */
  private static final int WAYS = 200;

  private static final int TRIES = 20;

  private final ChaosOptions options;

  private ChaosCommand(ChaosOptions options) {
    this.options = options;
  }

  static ChaosCommand parse(List<String> args) {
    Options options =
        Options.parse(
            "chaos",
            args,
            Set.of(),
            Set.of("--minutes", "--seed", "--faults", "--rate", "--brokers"));
    if (!options.positionals().isEmpty()) {
      throw new UsageException("chaos takes no arguments but its options");
    }
    long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);
    return new ChaosCommand(
        new ChaosOptions(
            length(options.value("--minutes").orElse(MINUTES)),
            options.number("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE),
            kinds(options),
            (int) options.number("--rate", RATE, 100, ChaosOptions.RATE_MAX),
            brokers(options)));
  }

  private static int brokers(Options options) {
    String text = options.value("--brokers").orElse("1");
    if (!text.equals("1") && !text.equals("3")) {
      throw new UsageException("--brokers must be 1 or 3, was " + text);
    }
    return Integer.parseInt(text);
  }

  private static List<FaultKind> kinds(Options options) {
    try {
      return options.value("--faults").map(FaultKind::parse).orElseGet(FaultKind::all);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--faults: " + e.getMessage());
    }
  }

  /** Half a minute counts: {@code 1.5}. */
  private static Duration length(String text) {
    String refusal =
        "--minutes must be a number in 0.5.." + ChaosOptions.MINUTES_MAX + ", was " + text;
    try {
      BigDecimal seconds = new BigDecimal(text).multiply(BigDecimal.valueOf(60));
      if (seconds.compareTo(BigDecimal.valueOf(30)) < 0
          || seconds.compareTo(BigDecimal.valueOf(60L * ChaosOptions.MINUTES_MAX)) > 0) {
        throw new UsageException(refusal);
      }
      return Duration.ofSeconds(seconds.longValue());
    } catch (NumberFormatException e) {
      throw new UsageException(refusal);
    }
  }

  /** Returns the exit code. */
  int run(int portOffset, Path root, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    List<Integer> offsets = List.of(portOffset == 0 ? free(options.brokers()) : portOffset);
    return ThrowAwayStack.use("chaos", offsets, root, environment, out, new Run(options, out))
        ? 0
        : 1;
  }

  /** An offset at which the ports of the servers and of the proxies are free. */
  private static int free(int brokers) {
    for (int i = 0; i < TRIES; i++) {
      int offset = StackPorts.free(RandomGenerator.getDefault()).offset();
      if (new StackPorts(offset, brokers).areFree()
          && new StackPorts(offset + WAYS, brokers).areFree()) {
        return offset;
      }
    }
    throw new CommandException("no free ports found: choose some with --port-offset N");
  }

  /** A stack whose programs come through the proxies of a rig. */
  private static final class Run implements ThrowAwayStack.Use {
    private final ChaosOptions options;
    private final PrintStream out;
    private Rig rig;

    Run(ChaosOptions options, PrintStream out) {
      this.options = options;
      this.out = out;
    }

    @Override
    public StackPlan plan(StackPlan usual) {
      return usual
          .withBrokers(options.brokers())
          .through(new StackPorts(usual.ports().offset() + WAYS));
    }

    @Override
    public Closeable surround(StackPlan plan) throws InterruptedException {
      rig = Rig.open(plan, options.kinds());
      return rig;
    }

    @Override
    public boolean run(Stack stack) throws InterruptedException {
      rig.attach(stack);
      boolean terminal = Boolean.getBoolean("launcher.terminal");
      return new Chaos(options, rig, out, terminal)
          .run(LocalTarget.of(stack.address(), rig.edge()));
    }
  }
}
