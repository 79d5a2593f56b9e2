package io.eventpipeline.launcher.load;

import static io.eventpipeline.launcher.load.FakeEdge.Turn.CUT;
import static io.eventpipeline.launcher.load.FakeEdge.Turn.HALF;
import static io.eventpipeline.launcher.load.FakeEdge.Turn.INVALID;
import static io.eventpipeline.launcher.load.FakeEdge.Turn.UNAUTHORIZED;
import static io.eventpipeline.launcher.load.FakeEdge.Turn.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.Secret;
import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.load.FakeEdge.Turn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LaneTest {
  private static final Secret KEY = new Secret("dev-write-key");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private enum Kind {
    STREAM,
    SINGLE,
    ARRAY,
    NDJSON
  }

  private final Ledger ledger = new Ledger(1_000);
  private final Traffic traffic = new Traffic(ledger);

  private Lane lane(Kind kind, URI edge) {
    return switch (kind) {
      case STREAM -> new StreamLane(traffic, edge, KEY);
      case SINGLE -> new RestLane(traffic, HTTP, edge, KEY, List.of(RestLane.Form.SINGLE));
      case ARRAY -> new RestLane(traffic, HTTP, edge, KEY, List.of(RestLane.Form.ARRAY));
      case NDJSON -> new RestLane(traffic, HTTP, edge, KEY, List.of(RestLane.Form.NDJSON));
    };
  }

  private void deliver(Lane lane, int count) throws InterruptedException {
    for (Outgoing event : TestRun.events(ledger, count)) {
      assertThat(lane.queue().offer(event, Duration.ofSeconds(1))).isTrue();
    }
    lane.queue().complete();
    lane.run();
  }

  private void assertEachAcknowledgedOnce(int count) {
    assertThat(traffic.acknowledged()).isEqualTo(count);
    for (int event = 0; event < count; event++) {
      assertThat(ledger.acknowledgements(event)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deliversEachEventOnceAndInOrder(Kind kind) throws InterruptedException {
    try (FakeEdge edge = new FakeEdge()) {
      deliver(lane(kind, edge.uri()), 300);

      assertEachAcknowledgedOnce(300);
      assertThat(edge.arrivals())
          .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(Ledger::id).toList());
      assertThat(traffic.repeated()).isZero();
      assertThat(traffic.sent()).isEqualTo(300);
      assertThat(edge.widest()).isLessThanOrEqualTo(kind == Kind.SINGLE ? 1 : 250);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsTheSameIdsAgainAfterALostConnection(Kind kind) throws InterruptedException {
    try (FakeEdge edge = new FakeEdge(CUT, Turn.ACCEPT, CUT)) {
      deliver(lane(kind, edge.uri()), 5);

      assertEachAcknowledgedOnce(5);
      assertThat(traffic.repeated()).isPositive();
      assertThat(edge.arrivals()).hasSize((int) (traffic.sent() + traffic.repeated()));
      assertThat(ledger.attempts(0)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM", "ARRAY", "NDJSON"})
  void repeatsOnlyWhatIsToBeRepeated(Kind kind) throws InterruptedException {
    try (FakeEdge edge = new FakeEdge(HALF)) {
      deliver(lane(kind, edge.uri()), 10);

      assertEachAcknowledgedOnce(10);
      assertThat(edge.arrivals()).hasSize(15);
      assertThat(ledger.attempts(0)).isEqualTo(1);
      assertThat(ledger.attempts(1)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SINGLE", "ARRAY", "NDJSON"})
  void waitsAsLongAsItIsAskedTo(Kind kind) throws InterruptedException {
    try (FakeEdge edge = new FakeEdge(UNAVAILABLE)) {
      deliver(lane(kind, edge.uri()), 1);

      assertEachAcknowledgedOnce(1);
      long waited = edge.times().get(1) - edge.times().get(0);
      assertThat(Duration.ofNanos(waited)).isGreaterThan(Duration.ofMillis(990));
    }
  }

  @Test
  void repeatsFramesThatWereNotTaken() throws InterruptedException {
    try (FakeEdge edge = new FakeEdge(UNAVAILABLE, UNAVAILABLE)) {
      deliver(lane(Kind.STREAM, edge.uri()), 20);

      assertEachAcknowledgedOnce(20);
      assertThat(ledger.attempts(0)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void outlivesAnEdgeThatIsNotThereYet(Kind kind) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Lane lane = lane(kind, URI.create("http://127.0.0.1:" + port));
    CompletableFuture<Void> delivery =
        CompletableFuture.runAsync(
            () -> {
              try {
                deliver(lane, 3);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    Awaitility.await().until(() -> traffic.sent() > 0 || !traffic.trouble().isEmpty());

    try (FakeEdge edge = FakeEdge.on(port)) {
      delivery.join();
      assertEachAcknowledgedOnce(3);
      assertThat(edge.arrivals()).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void remembersWhatIsRefusedForGoodAndGoesOn(Kind kind) throws InterruptedException {
    try (FakeEdge edge = new FakeEdge(INVALID)) {
      Lane lane = lane(kind, edge.uri());
      deliver(lane, kind == Kind.SINGLE ? 2 : 1);

      assertThat(traffic.refused()).isEqualTo(1);
      assertThat(traffic.refusals().get(0)).contains("malformed_json");
      assertThat(ledger.acknowledgements(0)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SINGLE", "ARRAY", "NDJSON"})
  void stopsWhenWaitingCannotHelp(Kind kind) throws InterruptedException {
    try (FakeEdge edge = new FakeEdge(UNAUTHORIZED)) {
      deliver(lane(kind, edge.uri()), 1);

      assertThatThrownBy(traffic::check)
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("401");
    }
  }

  @Test
  void learnsTheIdThatTheEdgeGave() throws InterruptedException {
    try (FakeEdge edge = new FakeEdge()) {
      Lane lane = lane(Kind.SINGLE, edge.uri());
      int event = TestRun.registerNameless(ledger);
      lane.queue().offer(new Outgoing(event, "{\"type\":\"x\"}".getBytes(UTF_8)), Duration.ZERO);
      lane.queue().complete();
      lane.run();

      assertThat(ledger.find("given-0")).isEqualTo(event);
      assertThat(ledger.find(Ledger.id(event))).isNegative();
    }
  }

  @Test
  void saysWhatTheBodyIs() throws InterruptedException {
    try (FakeEdge edge = new FakeEdge()) {
      deliver(lane(Kind.SINGLE, edge.uri()), 1);
      deliver(lane(Kind.ARRAY, edge.uri()), 1);
      deliver(lane(Kind.NDJSON, edge.uri()), 1);

      assertThat(edge.contentTypes())
          .containsExactly(
              "/v1/events application/json",
              "/v1/events/batch application/json",
              "/v1/events/batch application/x-ndjson");
    }
  }
}
