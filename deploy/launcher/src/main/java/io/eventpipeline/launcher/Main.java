package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.schema.SchemaCommand;
import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.StackPorts;
import io.eventpipeline.services.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code deploy/local}: exit code 0 when the command did what it says, 1 with one line when it did
 * not, 2 with one line when the command line is wrong.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int code = run(List.of(args), System.getenv());
    System.out.flush();
    System.exit(code);
  }

  private static int run(List<String> args, Map<String, String> environment) {
    try {
      return dispatch(Arguments.parse(args), environment);
    } catch (UsageException e) {
      System.err.println("deploy/local: " + e.getMessage());
      return 2;
    } catch (CommandException | ServiceException e) {
      System.err.println("deploy/local: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static int dispatch(Arguments arguments, Map<String, String> environment)
      throws InterruptedException {
    List<String> rest = arguments.rest();
    int offset = arguments.portOffset();
    return switch (arguments.command()) {
      case "up" -> UpCommand.parse(rest).run(offset, root(), environment, System.out);
      case "status" -> {
        StatusCommand status = StatusCommand.parse(rest);
        yield status.run(Stacks.require(offset, environment), System.out, System.err);
      }
      case "down" -> {
        DownCommand.check(rest);
        yield DownCommand.run(Stacks.require(offset, environment), System.out);
      }
      case "sql" -> SqlCommand.parse(rest).run(new StackPorts(offset), System.out);
      case "demo" -> DemoCommand.parse(rest).run(offset, root(), environment, System.out);
      case "chaos" -> ChaosCommand.parse(rest).run(offset, root(), environment, System.out);
      case "transactions" -> {
        TransactionsCommand transactions = TransactionsCommand.parse(rest);
        yield transactions.run(root(), Stacks.require(offset, environment).stack().data());
      }
      case "schema" -> {
        SchemaCommand schema =
            SchemaCommand.parse(
                rest,
                environment,
                new RunningStack(new StackPorts(offset), Path.of(".")).registry(),
                LocalAccess.REGISTRY_TOKEN);
        yield schema.run(System.in, System.out, System.err);
      }
      case "latency" -> {
        LatencyCommand latency = LatencyCommand.parse(rest);
        yield latency.run(Stacks.require(offset, environment).stack(), System.out);
      }
      case "help" -> {
        System.out.print(usage());
        yield 0;
      }
      default ->
          throw new UsageException(
              "unknown command '" + arguments.command() + "'; try 'deploy/local help'");
    };
  }

  /** Of the repository; the script knows it. */
  private static Path root() {
    String root = System.getProperty("launcher.root");
    if (root == null) {
      throw new CommandException("start this with deploy/local, which sets -Dlauncher.root");
    }
    return Path.of(root);
  }

  private static String usage() {
    try (InputStream text = Main.class.getResourceAsStream("usage.txt")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
