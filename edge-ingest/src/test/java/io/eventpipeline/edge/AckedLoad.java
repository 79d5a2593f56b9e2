package io.eventpipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Clients that send over REST and WebSocket, and hold the edge to what it acknowledged. */
final class AckedLoad {
  private static final int CLIENTS = 4;
  private static final int BATCH = 100;
  private static final int EXAMPLES = 10;

  /** What the broker needs to come back is not taken by clients that ask it to. */
  private static final Duration RETRY_AFTER = Duration.ofMillis(200);

  private final int port;
  private final RawTopic topic;
  private final String run = "run-" + System.nanoTime() + "-";
  private final AtomicInteger sequence = new AtomicInteger();
  private final Set<String> acked = ConcurrentHashMap.newKeySet();
  private final Map<String, String> places = new ConcurrentHashMap<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  AckedLoad(int port, RawTopic topic) {
    this.port = port;
    this.topic = topic;
  }

  /** What happens while clients send; sees the ids that were acknowledged so far. */
  interface Scenario {
    void run(Set<String> acked) throws Exception;
  }

  static String event(String id, String cart) {
    return "{\"id\":\"%s\",\"type\":\"cart.viewed\",\"cartid\":\"%s\",\"data\":{\"n\":1}}"
        .formatted(id, cart);
  }

  /** Fails unless every id that was acknowledged is stored, at the place that was told. */
  void during(Scenario scenario) throws Exception {
    List<CompletableFuture<Void>> senders = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean socket = i % 2 == 0;
      senders.add(
          CompletableFuture.runAsync(
              () -> send(socket), task -> new Thread(task, "sender").start()));
    }
    try {
      scenario.run(acked);
    } finally {
      stop.set(true);
    }
    senders.forEach(CompletableFuture::join);
    Map<String, String> stored = topic.storedIds(run);
    assertThat(acked).isNotEmpty();
    assertThat(acked.stream().filter(id -> !stored.containsKey(id)).limit(EXAMPLES))
        .as("acknowledged and not stored")
        .isEmpty();
    assertThat(
            places.entrySet().stream()
                .filter(told -> !told.getValue().equals(stored.get("@" + told.getKey())))
                .limit(EXAMPLES))
        .as("acknowledged at a place where something else stands, or nothing")
        .isEmpty();
  }

  private void send(boolean overSocket) {
    while (!stop.get()) {
      StringBuilder batch = new StringBuilder("[");
      for (int n = 0; n < BATCH; n++) {
        String id = run + sequence.incrementAndGet();
        batch.append(n == 0 ? "" : ",").append(event(id, "c-" + n));
      }
      if (!send(batch.append(']').toString(), overSocket)) {
        LockSupport.parkNanos(RETRY_AFTER.toNanos());
      }
    }
  }

  /** Returns whether all of the batch was accepted. */
  private boolean send(String batch, boolean overSocket) {
    try {
      JsonArray results = answer(batch, overSocket).getJsonArray("results");
      boolean all = true;
      for (int i = 0; i < results.size(); i++) {
        JsonObject result = results.getJsonObject(i);
        if (result.getString("status").equals("accepted")) {
          acked.add(result.getString("id"));
          places.put(
              result.getInteger("partition") + "/" + result.getLong("offset"),
              result.getString("id"));
        } else {
          assertThat(result.getString("status")).isEqualTo("retry");
          all = false;
        }
      }
      return all;
    } catch (Exception e) {
      throw new IllegalStateException("a client was not answered", e);
    }
  }

  private JsonObject answer(String batch, boolean overSocket) throws Exception {
    if (overSocket) {
      try (RawWebSocket socket = RawWebSocket.open(port)) {
        socket.send(batch);
        return socket.receiveJson();
      }
    }
    return new JsonObject(
        EdgeClient.post(port, "/v1/events/batch", "application/json", batch).body());
  }
}
