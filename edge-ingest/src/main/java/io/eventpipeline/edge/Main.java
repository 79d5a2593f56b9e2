package io.eventpipeline.edge;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code --config FILE}: runs the edge until SIGTERM or SIGINT, then stops it within 10 s. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Exit codes: 143 after SIGTERM, 1 when it cannot start, 2 for a wrong command line. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 2 || !args[0].equals("--config")) {
      System.err.println("usage: --config FILE");
      System.exit(2);
    }
    Edge edge = null;
    try {
      EdgeConfig config =
          ConfigReader.read(EdgeConfig.class, Path.of(args[1]), "EDGE", System.getenv());
      LOG.info("configuration {}", config);
      edge = Edge.start(config);
    } catch (ConfigException | IllegalStateException e) {
      System.err.println("edge: " + e.getMessage());
      System.exit(1);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(new Stop(edge), "stop"));
    new CountDownLatch(1).await();
  }

  private record Stop(Edge edge) implements Runnable {
    @Override
    public void run() {
      LOG.info("stopping");
      edge.close();
      LOG.info("stopped");
    }
  }
}
