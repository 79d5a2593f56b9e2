package io.eventpipeline.registry;

import io.eventpipeline.services.ServiceKit;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads by id in both dialects, beside the ceiling: the same Vert.x server with one event loop that
 * returns a constant of the same size. {@code [seconds] [rounds] [connections]}, default 4, 5 and
 * 32; a Postgres of its own, everything else in this process. The contenders take turns, the median
 * round of each counts. Ends with 1 when one of the dialects is below 0.7 of its ceiling.
 */
public final class ReadBenchmark {
  private static final String TYPE = "cart.item_added";
  private static final double RATIO_MIN = 0.7;

  private final int seconds;
  private final int connections;
  private final Map<String, List<ReadLoad.Result>> results = new LinkedHashMap<>();

  private ReadBenchmark(int seconds, int connections) {
    this.seconds = seconds;
    this.connections = connections;
  }

  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 4;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int connections = args.length > 2 ? Integer.parseInt(args[2]) : 32;
    Path directory = Files.createTempDirectory("read-benchmark");
    boolean holds;
    try (var kit = ServiceKit.builder(directory).postgres().start();
        var registry = TestRegistry.start(kit.postgres())) {
      load("start");
      holds = new ReadBenchmark(seconds, connections).run(registry, rounds);
      load("end");
    }
    if (!holds) {
      System.out.printf(Locale.ROOT, "FAILED: below %.2f%n", RATIO_MIN);
      System.exit(1);
    }
  }

  private static void load(String when) throws Exception {
    System.out.printf(
        "load at the %s: %s%n", when, Files.readString(Path.of("/proc/loadavg")).strip());
  }

  private boolean run(TestRegistry registry, int rounds) throws Exception {
    int id = registry.get("/schemas/" + TYPE + "/1").json().path("id").asInt();
    String own = "/schemas/" + id;
    String dialect = "/schemas/ids/" + id;
    Constant ofOwn = Constant.like(registry, own);
    Constant ofDialect = Constant.like(registry, dialect);
    try {
      for (int round = 0; round <= rounds; round++) {
        measure("ceiling of /schemas/{id}", ofOwn.port(), own);
        measure("/schemas/{id}", port(registry), own);
        measure("ceiling of /schemas/ids/{id}", ofDialect.port(), dialect);
        measure("/schemas/ids/{id}", port(registry), dialect);
        if (round == 0) {
          results.clear(); // to warm up
        }
      }
    } finally {
      ofOwn.vertx().close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      ofDialect.vertx().close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    boolean first = report("/schemas/{id}");
    boolean second = report("/schemas/ids/{id}");
    return first && second;
  }

  private void measure(String name, int port, String path) throws Exception {
    ReadLoad.Result result = ReadLoad.run(port, path, connections, seconds);
    results.computeIfAbsent(name, key -> new ArrayList<>()).add(result);
    System.out.printf(
        Locale.ROOT,
        "%-30s %,9.0f/s  p50 %5.2f ms  p99 %5.2f ms  %d bytes%n",
        name,
        result.rate(),
        result.p50Millis(),
        result.p99Millis(),
        result.bytes());
  }

  private boolean report(String name) {
    ReadLoad.Result ours = median(name);
    ReadLoad.Result ceiling = median("ceiling of " + name);
    System.out.printf(
        Locale.ROOT,
        "%-18s %,.0f/s = %.2f of the ceiling (%,.0f/s); p99 %.2f ms, the ceiling's %.2f ms%n",
        name,
        ours.rate(),
        ours.rate() / ceiling.rate(),
        ceiling.rate(),
        ours.p99Millis(),
        ceiling.p99Millis());
    return ours.rate() >= RATIO_MIN * ceiling.rate();
  }

  private ReadLoad.Result median(String name) {
    List<ReadLoad.Result> all = new ArrayList<>(results.get(name));
    all.sort((a, b) -> Double.compare(a.rate(), b.rate()));
    return all.get(all.size() / 2);
  }

  private static int port(TestRegistry registry) {
    return Integer.parseInt(registry.url().substring(registry.url().lastIndexOf(':') + 1));
  }

  /** A server that answers everything with what the registry answers to one request. */
  private record Constant(Vertx vertx, int port) {
    static Constant like(TestRegistry registry, String path) throws Exception {
      var answer = registry.get(path);
      Buffer body = Buffer.buffer(answer.raw().body());
      Vertx vertx = Vertx.vertx();
      HttpServer server =
          vertx
              .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
              .requestHandler(
                  request -> {
                    request.response().putHeader("Content-Type", answer.header("Content-Type"));
                    request.response().putHeader("Cache-Control", answer.header("Cache-Control"));
                    request.response().putHeader("X-Content-Type-Options", "nosniff");
                    if (!answer.header("ETag").isEmpty()) {
                      request.response().putHeader("ETag", answer.header("ETag"));
                    }
                    request.response().end(body);
                  });
      server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      return new Constant(vertx, server.actualPort());
    }
  }
}
