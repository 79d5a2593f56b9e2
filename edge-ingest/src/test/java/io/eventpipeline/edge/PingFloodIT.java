package io.eventpipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.edge.RawWebSocket.Frame;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pings cost an answer each, and nothing that a write key counts. */
class PingFloodIT {
  private static final int PINGS_MAX = TestConfig.with().stream().pingsPerSecondMax();
  private static final int FLOOD = 50_000;

  private static Edge edge;

  @BeforeAll
  static void start() {
    edge = Edge.start(TestConfig.with(), new HeldPublisher(), new TestKeys());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void answersAsManyPingsAsAreAllowed() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      sendPings(socket, PINGS_MAX);
      socket.send("{\"type\":\"cart.viewed\",\"data\":{}}");

      int pongs = 0;
      Frame frame = socket.receiveAny();
      for (; frame.opcode() == RawWebSocket.PONG; frame = socket.receiveAny()) {
        pongs++;
      }
      assertThat(pongs).isEqualTo(PINGS_MAX);
      assertThat(frame.text()).contains("accepted");
    }
  }

  @Test
  void closesOnMoreAndAnswersNoMore() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      CompletableFuture<Integer> sender =
          CompletableFuture.supplyAsync(() -> sendPings(socket, FLOOD));

      int pongs = 0;
      Frame frame = socket.receiveAny();
      for (; frame.opcode() == RawWebSocket.PONG; frame = socket.receiveAny()) {
        pongs++;
      }
      assertThat(frame.closeCode()).isEqualTo(1008);
      assertThat(pongs).isLessThanOrEqualTo(2 * PINGS_MAX + 1); // two seconds may have begun
      // Nobody answers the close frame; what was read before may still be answered: in one turn
      // Netty reads 16 times up to 64 KiB, which are 8,000 pings
      assertThat(pongsUntilTheEnd(socket)).isLessThan(FLOOD / 5);
      assertThat(sender.join()).isPositive();
    }
  }

  /** How many were sent before the server ended the connection. */
  private static int sendPings(RawWebSocket socket, int pings) {
    byte[] payload = new byte[125];
    for (int sent = 0; sent < pings; sent++) {
      try {
        socket.send(RawWebSocket.PING, true, payload);
      } catch (IOException closed) {
        return sent;
      }
    }
    return pings;
  }

  private static int pongsUntilTheEnd(RawWebSocket socket) {
    int pongs = 0;
    while (true) {
      try {
        pongs += socket.receiveAny().opcode() == RawWebSocket.PONG ? 1 : 0;
      } catch (SocketTimeoutException open) {
        throw new AssertionError("the connection stays open", open);
      } catch (IOException closed) {
        return pongs;
      }
    }
  }
}
