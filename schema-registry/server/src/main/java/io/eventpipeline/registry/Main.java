package io.eventpipeline.registry;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code registry-server --config FILE}: runs until SIGTERM, then finishes what is in flight. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** Environment variables of this program begin with it. */
  private static final String PREFIX = "REGISTRY";

  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  private Main() {}

  public static void main(String[] args) {
    if (args.length != 2 || !args[0].equals("--config")) {
      exit(EXIT_USAGE, "usage: registry-server --config FILE");
      return;
    }
    try {
      RegistryConfig config =
          ConfigReader.read(RegistryConfig.class, Path.of(args[1]), PREFIX, System.getenv());
      LOG.info("{}", config);
      RegistryServer server = RegistryServer.start(config);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
    } catch (ConfigException e) {
      exit(EXIT_USAGE, e.getMessage());
    } catch (IllegalStateException e) {
      exit(EXIT_FAILED, e.getMessage());
    }
  }

  private static void stop(RegistryServer server) {
    LOG.info("stopping");
    server.close();
    LOG.info("stopped");
  }

  private static void exit(int code, String reason) {
    System.err.println(reason);
    System.exit(code);
  }
}
