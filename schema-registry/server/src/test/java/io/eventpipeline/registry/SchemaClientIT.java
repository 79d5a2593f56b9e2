package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.SchemaClient;
import io.eventpipeline.schema.SchemaClientConfig;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@WithServices(Server.POSTGRES)
class SchemaClientIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNode VALID =
      JSON.readTree("{\"sku\":\"S\",\"quantity\":2,\"unit_price\":19.90,\"currency\":\"EUR\"}");
  private static final JsonNode INVALID =
      JSON.readTree("{\"sku\":\"S\",\"quantity\":-2,\"unit_price\":19.90,\"currency\":\"EUR\"}");

  private TestRegistry registry;
  private SchemaClient client;

  @BeforeEach
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
    client = new SchemaClient(quick(registry.url(), "read-token-1"));
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void findsAndAppliesTheShippedSchemas() throws Exception {
    assertThat(client.preload()).isEqualTo(10);

    Lookup lookup = client.find("cart.item_added", 1);

    assertThat(lookup.schema().validate(VALID)).isEmpty();
    assertThat(lookup.schema().validate(INVALID)).hasSize(1);
    assertThat(client.find("cart.item_added", 0)).isSameAs(lookup);
    assertThat(client.stats().failures()).isZero();
  }

  @Test
  void findsWhatIsRegisteredAfterANegativeAnswer() throws Exception {
    assertThat(client.find("it.late", 1).outcome()).isEqualTo(Lookup.Outcome.UNKNOWN_TYPE);
    assertThat(client.find("cart.viewed", 2).outcome()).isEqualTo(Lookup.Outcome.UNKNOWN_VERSION);

    registry.register("it.late", "{}");
    registry.register("cart.viewed", "{\"type\":\"object\"}");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> client.find("it.late", 1).found() && client.find("cart.viewed", 2).found());
  }

  @Test
  void movesToTheNewestVersionByItself() throws Exception {
    client.preload();
    registry.register("cart.viewed", "{\"type\":\"object\"}");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> client.find("cart.viewed", 0).schema().version() == 2);
  }

  @Test
  void keepsValidatingWhileTheRegistryIsStoppedAndGoesOnAfterwards() throws Exception {
    client.preload();
    registry.stop();

    assertThat(client.find("cart.item_added", 0).schema().validate(VALID)).isEmpty();
    assertThat(client.find("cart.item_added", 1).schema().validate(INVALID)).hasSize(1);
    assertThat(client.find("it.unseen", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);
    assertThat(client.find("cart.item_added", 2).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);

    registry.restart();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> client.find("it.unseen", 1).outcome() == Lookup.Outcome.UNKNOWN_TYPE);
  }

  @Test
  void takesARefusedTokenForAnOutageAndNotForAnUnknownType() {
    try (SchemaClient stranger = new SchemaClient(quick(registry.url(), "wrong-token"))) {
      assertThat(stranger.find("cart.viewed", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);
      assertThatThrownBy(stranger::preload).isInstanceOf(IOException.class);
    }
  }

  @Test
  void takesA404OfSomethingElseForAnOutage() {
    try (SchemaClient lost =
        new SchemaClient(quick(registry.url() + "/elsewhere", "read-token-1"))) {
      assertThat(lost.find("cart.viewed", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);
    }
  }

  /** What such an address answers says nothing of the registry: the next schema is asked for. */
  @Test
  void asksForTheNextSchemaAfterA404OfSomethingElse() {
    try (SchemaClient lost = new SchemaClient(patient(registry.url() + "/elsewhere"))) {
      assertThat(lost.find("cart.viewed", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);
      assertThat(lost.find("cart.viewed", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);
      assertThat(lost.find("cart.item_added", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);

      assertThat(lost.stats().requests()).as("one for each schema").isEqualTo(2);
      assertThat(lost.stats().failures()).isEqualTo(2);
    }
  }

  /** The registry has other things at these paths. */
  @Test
  void knowsWithoutAskingWhatCanBeNoType() throws Exception {
    try (SchemaClient patient = new SchemaClient(patient(registry.url()))) {
      for (String type : List.of("ids", "guids", "types")) {
        for (int version : new int[] {0, 1}) {
          assertThat(patient.find(type, version).outcome()).isEqualTo(Lookup.Outcome.UNKNOWN_TYPE);
        }
        assertThat(registry.register(type, "{}").code()).isEqualTo("invalid_request");
      }
      assertThat(patient.stats().requests()).isZero();
      assertThat(patient.find("it.unseen", 1).outcome()).isEqualTo(Lookup.Outcome.UNKNOWN_TYPE);
    }
    assertThat(registry.get("/schemas/types/latest").code()).isEqualTo("unknown_type");
  }

  @Test
  void givesUpOnAnAnswerWhoseBodyNeverEnds() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SchemaClient stuck =
            new SchemaClient(quick("http://127.0.0.1:" + socket.getLocalPort(), "read-token-1"))) {
      Thread server = new Thread(() -> answerHalf(socket));
      server.setDaemon(true);
      server.start();
      long start = System.nanoTime();

      assertThat(stuck.find("cart.viewed", 1).outcome()).isEqualTo(Lookup.Outcome.UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      server.join(5_000);
      assertThat(server.isAlive()).as("the connection was dropped").isFalse();
    }
  }

  /** Sends a head and the first byte, then holds the connection until it is closed. */
  private static void answerHalf(ServerSocket socket) {
    try (Socket connection = socket.accept()) {
      OutputStream out = connection.getOutputStream();
      out.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      connection.getInputStream().readAllBytes();
    } catch (IOException e) {
      assertThat(e).isNotNull(); // the client went away, as it should
    }
  }

  /** Asks for nothing by itself, and leaves a registry that is down alone for a minute. */
  private static SchemaClientConfig patient(String url) {
    Duration minute = Duration.ofMinutes(1);
    return new SchemaClientConfig(
        url, "read-token-1", Duration.ofSeconds(10), minute, minute, minute, 100);
  }

  private static SchemaClientConfig quick(String url, String token) {
    return new SchemaClientConfig(
        url,
        token,
        Duration.ofSeconds(2),
        Duration.ofMillis(300),
        Duration.ofMillis(500),
        Duration.ofMillis(200),
        100);
  }
}
