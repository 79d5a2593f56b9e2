package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP and WebSocket server that takes events as the edge does, and misbehaves as told: each
 * request or frame takes the next item of the script, none left means to accept.
 */
final class FakeEdge implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What to do with one request or frame. */
  enum Turn {
    ACCEPT,
    /** Accept every second event, ask for the others again. */
    HALF,
    /** HTTP 503 with {@code Retry-After: 1}; on a WebSocket {@code retry} for every event. */
    UNAVAILABLE,
    /** Accept, then cut the connection without an answer. */
    CUT,
    /** Refuse every event for good. */
    INVALID,
    /** HTTP 401. */
    UNAUTHORIZED
  }

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Turn> script = new ConcurrentLinkedQueue<>();
  private final List<String> arrivals = Collections.synchronizedList(new ArrayList<>());
  private final List<String> contentTypes = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;
  private volatile int widest;

  FakeEdge(Turn... turns) {
    this(0, turns);
  }

  private FakeEdge(int port, Turn... turns) {
    script.addAll(List.of(turns));
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setMaxWebSocketMessageSize(1 << 20))
            .requestHandler(this::request)
            .webSocketHandler(this::stream)
            .listen(port, "127.0.0.1")
            .await();
  }

  /** One that accepts everything, on a port that was free a moment ago. */
  static FakeEdge on(int port) {
    return new FakeEdge(port);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Ids in the order in which they arrived, whatever was answered. */
  List<String> arrivals() {
    return List.copyOf(arrivals);
  }

  List<String> contentTypes() {
    return List.copyOf(contentTypes);
  }

  /** When each request or frame came, by {@code System.nanoTime()}. */
  List<Long> times() {
    return List.copyOf(times);
  }

  /** Most events in one request or frame. */
  int widest() {
    return widest;
  }

  private Turn next() {
    Turn turn = script.poll();
    times.add(System.nanoTime());
    return turn == null ? Turn.ACCEPT : turn;
  }

  private void request(HttpServerRequest request) {
    contentTypes.add(request.path() + " " + request.getHeader("Content-Type"));
    request.body().onSuccess(body -> answer(request, body.toString(UTF_8)));
  }

  private void answer(HttpServerRequest request, String body) {
    List<String> ids = arrive(body);
    Turn turn = next();
    boolean single = request.path().equals("/v1/events");
    switch (turn) {
      case CUT -> request.connection().close();
      case UNAVAILABLE ->
          request.response().setStatusCode(503).putHeader("Retry-After", "1").end("{}");
      case UNAUTHORIZED -> request.response().setStatusCode(401).end("{\"code\":\"unauthorized\"}");
      case INVALID -> {
        if (single) {
          request.response().setStatusCode(400).end("{\"code\":\"malformed_json\"}");
        } else {
          request.response().end(results(ids, turn));
        }
      }
      case ACCEPT, HALF -> {
        if (single) {
          request.response().setStatusCode(202).end("{" + result(ids.get(0), true) + "}");
        } else {
          request.response().end(results(ids, turn));
        }
      }
    }
  }

  private void stream(ServerWebSocket socket) {
    socket.textMessageHandler(
        text -> {
          List<String> ids = arrive(text);
          Turn turn = next();
          if (turn == Turn.CUT) {
            socket.close((short) 1011, "cut");
          } else {
            socket.writeTextMessage(results(ids, turn));
          }
        });
  }

  private List<String> arrive(String body) {
    List<String> ids = new ArrayList<>();
    String array = body.startsWith("[") ? body : "[" + body.strip().replace("\n", ",") + "]";
    for (JsonNode event : JSON.readTree(array)) {
      ids.add(event.path("id").asString("given-" + arrivals.size()));
    }
    arrivals.addAll(ids);
    widest = Math.max(widest, ids.size());
    return ids;
  }

  private static String results(List<String> ids, Turn turn) {
    StringBuilder out = new StringBuilder("{\"accepted\":0,\"rejected\":0,\"results\":[");
    for (int i = 0; i < ids.size(); i++) {
      out.append(i == 0 ? "{" : ",{").append("\"index\":").append(i).append(',');
      if (turn == Turn.INVALID) {
        out.append("\"status\":\"invalid\",\"reason\":\"malformed_json\"");
      } else {
        out.append(result(ids.get(i), turn == Turn.ACCEPT || (turn == Turn.HALF && i % 2 == 0)));
      }
      out.append('}');
    }
    return out.append("]}").toString();
  }

  private static String result(String id, boolean accepted) {
    return "\"id\":\""
        + id
        + (accepted
            ? "\",\"status\":\"accepted\",\"partition\":1,\"offset\":2"
            : "\",\"status\":\"retry\",\"reason\":\"unavailable\"");
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
