package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * {@code transactions list|abort}: what the job's own program says about its open Kafka
 * transactions, with the configuration of the running stack.
 */
final class TransactionsCommand {
  private static final String MAIN = "io.eventpipeline.job.TransactionsMain";

  private final String verb;

  private TransactionsCommand(String verb) {
    this.verb = verb;
  }

  static TransactionsCommand parse(List<String> args) {
    Options options = Options.parse("transactions", args, Set.of(), Set.of());
    if (options.positionals().size() != 1
        || !Set.of("list", "abort").contains(options.positionals().get(0))) {
      throw new UsageException("transactions takes list or abort");
    }
    return new TransactionsCommand(options.positionals().get(0));
  }

  /** The program's own exit code. */
  int run(Path root, Path data) throws InterruptedException {
    Path config = data.resolve("config").resolve("job.yaml");
    if (!Files.exists(config)) {
      throw new CommandException("no configuration of the job in " + config);
    }
    // The job's jar leaves logging to the cluster, whose class path is the rest
    String classPath =
        root.resolve("flink-job/target/flink-job.jar")
            + ":"
            + root.resolve("deploy/services/flink/target/lib")
            + "/*";
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try {
      return new ProcessBuilder(
              java.toString(),
              "-Xmx128m",
              "-XX:TieredStopAtLevel=1",
              "-Dlog4j2.level=ERROR",
              "-cp",
              classPath,
              MAIN,
              verb,
              "--config",
              config.toString())
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new CommandException("cannot start " + java + ": " + e.getMessage(), e);
    }
  }
}
