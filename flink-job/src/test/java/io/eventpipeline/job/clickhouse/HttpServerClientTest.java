package io.eventpipeline.job.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that look good and are not, from a server that says whatever the test wants. */
class HttpServerClientTest {
  private final Block block = Blocks.of("t", "1795132800000-a", 3);
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private HttpServer http;
  private HttpServerClient client;
  private String body = "";
  private String summary = "{\"written_rows\":\"3\"}";
  private String exceptionCode = "";

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          queries.add(exchange.getRequestURI().getRawQuery());
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("X-ClickHouse-Summary", summary);
          if (!exceptionCode.isEmpty()) {
            exchange.getResponseHeaders().add("X-ClickHouse-Exception-Code", exceptionCode);
          }
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
    client =
        new HttpServerClient(
            ClickHouseConfig.of(
                "http://127.0.0.1:" + http.getAddress().getPort(), "u", new Secret("p"), "events"));
  }

  @AfterEach
  void stop() {
    client.close();
    http.stop(0);
  }

  @Test
  void takesACountThatIsWhole() throws Exception {
    body = "0\t1\n2\t2\nend";

    Server.Landed landed = client.landed(block);

    assertThat(landed.rows().stream()).containsExactly(0, 2);
    assertThat(landed.copies()).isEqualTo(1);
  }

  @Test
  void takesNoCountThatIsEmptyOrCutOff() {
    for (String cut : new String[] {"", "0\t1\n", "0\t1\n2", "0\t1\ne"}) {
      body = cut;

      refuses(() -> client.landed(block), ErrorClass.RETRY);
    }
  }

  @Test
  void takesNoInsertWithAnExceptionCodeAlthoughItIs200() {
    exceptionCode = "252";
    refuses(this::insert, ErrorClass.RETRY);

    exceptionCode = "16";
    refuses(this::insert, ErrorClass.STOP);
  }

  @Test
  void leavesToARestartWhatItsClientFailsOn() {
    var defect = new IllegalStateException("a state that its author did not foresee");

    assertThat(HttpServerClient.failure("insert", defect).errorClass())
        .isEqualTo(ErrorClass.RESTART);
    assertThat(HttpServerClient.failure("insert", new IOException("reset")).errorClass())
        .isEqualTo(ErrorClass.RETRY);
  }

  @Test
  void leavesNoSettingOfAnInsertToTheUsersProfile() throws Exception {
    insert();

    assertThat(HttpServerClient.INSERT_SETTINGS)
        .containsEntry("parallel_view_processing", "0")
        .containsEntry("materialized_views_ignore_errors", "0");
    assertThat(queries.get(0).split("&"))
        .contains(
            HttpServerClient.INSERT_SETTINGS.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
                .toArray(String[]::new));
  }

  @Test
  void takesNoInsertThatWroteLessThanItWasGiven() throws Exception {
    summary = "{\"written_rows\":\"2\"}";
    refuses(this::insert, ErrorClass.RETRY);

    summary = "{\"written_rows\":\"4\"}"; // a view wrote one of them
    insert();
  }

  private void insert() throws BlockFailure, InterruptedException {
    client.insert(block, "token", 0, block.body(), 3);
  }

  private static void refuses(ThrowingCallable call, ErrorClass as) {
    assertThatThrownBy(call)
        .isInstanceOf(BlockFailure.class)
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(as);
  }
}
