package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.services.ServiceKit;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Acknowledged events a second over the three ways in, beside two ceilings of the same run: the
 * same client on a server that does nothing, and one producer that sends the same records in a
 * loop. Arguments: seconds for each, compression. Prints, asserts nothing: the machine is shared.
 */
final class LoadMain {
  private static final String EVENT =
      "{\"type\":\"cart.item_added\",\"userid\":\"u-42\",\"sessionid\":\"s-9\",\"cartid\":\"c-%03d\","
          + "\"data\":{\"sku\":\"SKU-1\",\"quantity\":2,\"unit_price\":19.90,\"currency\":\"EUR\"}}";
  private static final int BATCH = 100;
  private static final int STREAM_WINDOW = 900;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
  private final AtomicLong answered = new AtomicLong();
  private final int seconds;
  private volatile boolean stopped;

  private LoadMain(int seconds) {
    this.seconds = seconds;
  }

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    String compression = args.length > 1 ? args[1] : "none";
    Path folder = Files.createTempDirectory("edge-load");
    try (ServiceKit kit = ServiceKit.builder(folder).kafka().start()) {
      String kafka = kit.kafka().bootstrapServers();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
        admin.createTopics(List.of(new NewTopic(Topics.RAW, 4, (short) 1))).all().get();
      }
      EdgeConfig config =
          TestConfig.with(
              "EDGE_KAFKA_BOOTSTRAP_SERVERS", kafka, "EDGE_KAFKA_COMPRESSION", compression);
      try (Edge edge =
          Edge.start(config, new KafkaEventPublisher(config.kafka()), new TestKeys())) {
        while (!edge.health().reasons().isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(100);
        }
        new LoadMain(seconds).all(edge, kafka, compression);
      }
    }
    System.exit(0);
  }

  private void all(Edge edge, String kafka, String compression) throws Exception {
    HttpServer noop =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request.endHandler(
                        end -> request.response().end("{\"status\":\"accepted\",\"results\":[]}")))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    String lines = "";
    for (int i = 0; i < BATCH; i++) {
      lines += EVENT.formatted(i) + "\n";
    }
    Buffer single = request("/v1/events", "application/json", EVENT.formatted(7));
    Buffer batch = request("/v1/events/batch", "application/x-ndjson", lines);
    overHttp(edge.port(), single, 64, 1); // warm up
    overHttp(edge.port(), batch, 16, BATCH);
    double producer = producer(kafka, compression);
    producer = Math.max(producer, producer(kafka, compression));
    print("producer loop", producer, 0, producer);
    for (int connections : new int[] {16, 64, 256}) {
      double ceiling = overHttp(noop.actualPort(), single, connections, 1);
      print(
          "single c" + connections,
          overHttp(edge.port(), single, connections, 1),
          ceiling,
          producer);
    }
    double ceiling = overHttp(noop.actualPort(), batch, 16, BATCH);
    print(
        "NDJSON of " + BATCH + " c16", overHttp(edge.port(), batch, 16, BATCH), ceiling, producer);
    overStream(edge.port(), 8);
    print("stream, 8 sockets", overStream(edge.port(), 8), 0, producer);
    System.out.println(
        "acknowledgement "
            + edge.statsHandler().json().getJsonObject("last_minute").getJsonObject("ack_ms"));
  }

  private static void print(String what, double rate, double noop, double producer) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %9.0f events/s   %s of a server that does nothing   %3.0f %% of the producer loop%n",
        what,
        rate,
        noop == 0 ? "    -" : String.format(Locale.ROOT, "%3.0f %%", 100 * rate / noop),
        100 * rate / producer);
  }

  private static Buffer request(String path, String type, String body) {
    return Buffer.buffer(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + TestKeys.KEY
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /** One request at a time on each connection. */
  private double overHttp(int port, Buffer request, int connections, int events) throws Exception {
    begin();
    var client = vertx.createNetClient();
    for (int i = 0; i < connections; i++) {
      client
          .connect(port, "127.0.0.1")
          .onSuccess(
              socket ->
                  socket.handler(chunk -> answer(socket, chunk, request, events)).write(request));
    }
    double rate = rate();
    client.close().toCompletionStage().toCompletableFuture().get();
    return rate;
  }

  /** Every answer ends with a brace, and of a batch only the end does after a bracket. */
  private void answer(NetSocket socket, Buffer chunk, Buffer request, int events) {
    int end = chunk.length();
    boolean whole = chunk.getByte(end - 1) == '}' && (events == 1 || chunk.getByte(end - 2) == ']');
    if (whole) {
      answered.addAndGet(events);
      if (!stopped) {
        socket.write(request);
      }
    }
  }

  private double overStream(int port, int sockets) throws Exception {
    begin();
    var client = vertx.createWebSocketClient();
    String event = EVENT.formatted(7);
    for (int i = 0; i < sockets; i++) {
      WebSocket socket =
          client
              .connect(
                  new WebSocketConnectOptions()
                      .setPort(port)
                      .setHost("127.0.0.1")
                      .setURI("/v1/events/stream")
                      .addHeader("Authorization", "Bearer " + TestKeys.KEY))
              .toCompletionStage()
              .toCompletableFuture()
              .get();
      socket.frameHandler(
          frame -> {
            answered.incrementAndGet();
            if (!stopped) {
              socket.writeFinalTextFrame(event);
            }
          });
      for (int n = 0; n < STREAM_WINDOW / sockets; n++) {
        socket.writeFinalTextFrame(event);
      }
    }
    double rate = rate();
    client.close().toCompletionStage().toCompletableFuture().get();
    return rate;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // counted in the callback
  private double producer(String kafka, String compression) throws Exception {
    begin();
    Semaphore window = new Semaphore(50_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "acks",
                "all",
                "linger.ms",
                1,
                "batch.size",
                65_536,
                "compression.type",
                compression),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] value = (EVENT.formatted(7) + " ".repeat(170)).getBytes(UTF_8);
      Thread loop =
          new Thread(
              () -> {
                for (int i = 0; !stopped; i++) {
                  window.acquireUninterruptibly();
                  producer.send(
                      new ProducerRecord<>(
                          Topics.RAW, ("store-1/c-" + i % BATCH).getBytes(UTF_8), value),
                      (metadata, failure) -> {
                        window.release();
                        answered.incrementAndGet();
                      });
                }
              });
      loop.start();
      double rate = rate();
      loop.join();
      return rate;
    }
  }

  private void begin() {
    stopped = false;
    answered.set(0);
  }

  private double rate() throws InterruptedException {
    long before = answered.get();
    long started = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double rate = (answered.get() - before) * 1e9 / (System.nanoTime() - started);
    stopped = true;
    TimeUnit.MILLISECONDS.sleep(200);
    return rate;
  }
}
