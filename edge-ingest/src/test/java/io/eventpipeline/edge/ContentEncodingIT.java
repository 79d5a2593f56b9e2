package io.eventpipeline.edge;

import static io.eventpipeline.edge.EdgeClient.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed bodies over real connections. */
class ContentEncodingIT {
  private static final String EVENT = "{\"id\":\"%s\",\"type\":\"cart.viewed\",\"data\":{}}";
  private static final int BODY_BYTES_MAX = 100_000;
  private static final int BATCH_BYTES_MAX = 300_000;

  private static final HeldPublisher PUBLISHER = new HeldPublisher();
  private static Edge edge;

  @BeforeAll
  static void start() {
    edge =
        Edge.start(
            TestConfig.with(
                "EDGE_HTTP_BODY_BYTES_MAX", String.valueOf(BODY_BYTES_MAX),
                "EDGE_HTTP_BATCH_BYTES_MAX", String.valueOf(BATCH_BYTES_MAX),
                "EDGE_HTTP_BODIES_BYTES_MAX", "600000"),
            PUBLISHER,
            new TestKeys());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @BeforeEach
  void acknowledgeAtOnce() {
    PUBLISHER.reset();
  }

  @AfterEach
  void holdsNothingOfABodyAfterItsAnswer() {
    await().until(() -> edge.bodies().taken() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip"})
  void takesAnEventInGzip(String encoding) throws Exception {
    String sent = event("e-\u20ac");

    HttpResponse<String> answer =
        post("/v1/events", "application/json", encoding, gzip(sent.getBytes(UTF_8)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(new String(PUBLISHER.published().get(0).value(), UTF_8)).endsWith(sent.substring(1));
  }

  @ParameterizedTest
  @CsvSource({"application/x-ndjson, false", "application/x-ndjson, true"})
  void takesABatchInGzipAlsoInPieces(String type, boolean chunked) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      lines.append(event("e-" + i + "-" + ThreadLocalRandom.current().nextLong())).append('\n');
    }
    byte[] compressed = gzip(lines.toString().getBytes(UTF_8));
    BodyPublisher pieces =
        BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(compressed)); // of unknown length
    BodyPublisher whole = BodyPublishers.ofByteArray(compressed);

    JsonObject answer =
        new JsonObject(send("/v1/events/batch", type, "gzip", chunked ? pieces : whole).body());

    assertThat(answer.getInteger("accepted")).isEqualTo(1_000);
    assertThat(PUBLISHER.published()).hasSize(1_000);
  }

  @Test
  void holdsTheLimitForTheInflatedBytes() throws Exception {
    byte[] most = new byte[BODY_BYTES_MAX];
    Arrays.fill(most, (byte) ' ');
    System.arraycopy(event("most").getBytes(UTF_8), 0, most, 0, event("most").length());
    byte[] more = Arrays.copyOf(most, BODY_BYTES_MAX + 1);
    more[BODY_BYTES_MAX] = ' ';

    assertThat(post("/v1/events", "application/json", "gzip", gzip(most)).statusCode())
        .isEqualTo(202);
    assertProblem(
        post("/v1/events", "application/json", "gzip", gzip(more)), 413, "body_too_large");
    assertThat(PUBLISHER.published()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"/v1/events, application/json, 90", "/v1/events/batch, application/x-ndjson, 250"})
  void refusesABombWithoutInflatingIt(String path, String type, int megabytes) throws Exception {
    byte[] bomb = bomb(megabytes);
    assertThat(megabytes * 1_000_000L / bomb.length).isGreaterThan(1_000);
    post(path, type, "gzip", bomb); // classes are loaded
    long before = allocatedByEventLoops();

    HttpResponse<String> answer = post(path, type, "gzip", bomb);

    long allocated = allocatedByEventLoops() - before;
    assertProblem(answer, 413, "body_too_large");
    // Both arrays, as they grow; the compressed bytes once more, on their way in; some change
    assertThat(allocated).isLessThan(2L * BATCH_BYTES_MAX + 3L * bomb.length + 200_000);
    assertThat(PUBLISHER.published()).isEmpty();
  }

  @Test
  void givesABombNoMoreThanTheBudgetOfAllBodies() throws Exception {
    EdgeConfig tight =
        TestConfig.with(
            "EDGE_HTTP_BODY_BYTES_MAX", "100000",
            "EDGE_HTTP_BATCH_BYTES_MAX", "100000",
            "EDGE_HTTP_BODIES_BYTES_MAX", "100000");
    try (Edge own = Edge.start(tight, new HeldPublisher(), new TestKeys())) {
      HttpRequest request =
          EdgeClient.request(own.port(), "/v1/events", "application/json")
              .header("Content-Encoding", "gzip")
              .POST(BodyPublishers.ofByteArray(bomb(1)))
              .build();

      assertProblem(EdgeClient.send(request), 503, "unavailable");
      await().until(() -> own.bodies().taken() == 0);
    }
  }

  @Test
  void refusesWhatIsNotTheGzipThatItIsSaidToBe() throws Exception {
    byte[] plain = event("plain").getBytes(UTF_8);
    byte[] whole = gzip((event("a") + "\n" + event("b")).getBytes(UTF_8));
    byte[] changed = whole.clone();
    changed[whole.length - 6] ^= 1;

    for (byte[] body :
        new byte[][] {plain, Arrays.copyOf(whole, whole.length - 9), changed, new byte[0]}) {
      HttpResponse<String> answer = post("/v1/events/batch", "application/x-ndjson", "gzip", body);
      assertProblem(answer, 400, "invalid_encoding");
      assertThat(answer.body()).contains("not gzip");
    }
    assertThat(PUBLISHER.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deflate", "br", "zstd", "gzip, gzip", "gzip,identity", "x"})
  void refusesOtherEncodings(String encoding) throws Exception {
    for (String path : new String[] {"/v1/events", "/v1/events/batch"}) {
      HttpResponse<String> answer =
          post(path, "application/json", encoding, event("a").getBytes(UTF_8));
      assertProblem(answer, 415, "unsupported_media_type");
      assertThat(answer.headers().firstValue("Accept-Encoding")).contains("gzip");
    }
  }

  @Test
  void refusesAnEncodingAroundAnother() throws Exception {
    HttpRequest twice =
        EdgeClient.request(edge.port(), "/v1/events", "application/json")
            .header("Content-Encoding", "gzip")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(gzip(event("a").getBytes(UTF_8))))
            .build();

    assertProblem(EdgeClient.send(twice), 415, "unsupported_media_type");
  }

  private static long allocatedByEventLoops() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().contains("eventloop"))
        .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getThreadId()))
        .sum();
  }

  private static byte[] bomb(int megabytes) throws IOException {
    byte[] spaces = new byte[megabytes * 1_000_000];
    Arrays.fill(spaces, (byte) ' ');
    return gzip(spaces);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static HttpResponse<String> post(String path, String type, String encoding, byte[] body)
      throws Exception {
    return send(path, type, encoding, BodyPublishers.ofByteArray(body));
  }

  private static HttpResponse<String> send(
      String path, String type, String encoding, BodyPublisher body) throws Exception {
    return EdgeClient.send(
        EdgeClient.request(edge.port(), path, type)
            .header("Content-Encoding", encoding)
            .POST(body)
            .build());
  }

  private static String event(String id) {
    return EVENT.formatted(id);
  }
}
