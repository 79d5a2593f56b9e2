package io.eventpipeline.launcher.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;

/**
 * {@code WS /v1/events/stream}: frames of one event or of an array, several in flight.
 *
 * <p>The edge answers each frame in order. After a lost connection everything that was not answered
 * goes first over the next one, in its old order; deduplication collapses what had arrived.
 */
final class StreamLane extends Lane {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration IDLE_WAIT = Duration.ofMillis(20);
  private static final int FRAMES_IN_FLIGHT_MAX = 4;
  private static final int FRAME_EVENTS_MAX = 100;

  /** One frame in so many holds a single event outside an array. */
  private static final int SINGLE_EVERY = 10;

  private record Frame(List<Outgoing> events, long sentNanos) {}

  private final HttpClient http;
  private final URI stream;
  private final Secret writeKey;
  private final Deque<Outgoing> again = new ArrayDeque<>();
  private final Deque<Frame> inFlight = new ArrayDeque<>();
  private int frames;

  /** A lane that sends as the store of {@code writeKey}. */
  StreamLane(Traffic traffic, HttpClient http, URI edge, Secret writeKey) {
    super(traffic);
    this.http = http;
    this.stream = URI.create(edge.toString().replaceFirst("^http", "ws") + "/v1/events/stream");
    this.writeKey = writeKey;
  }

  @Override
  void deliver() throws InterruptedException {
    while (!isDone() && !traffic().hasFailed()) {
      AnswerReader reader = new AnswerReader();
      try {
        WebSocket socket = connect(reader);
        try {
          pump(socket, reader);
          await(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""), CONNECT_TIMEOUT);
        } finally {
          socket.abort();
        }
      } catch (IOException e) {
        recall();
        if (!isDone()) {
          waitOut("edge: " + e.getMessage(), Duration.ZERO);
        }
      }
    }
  }

  private boolean isDone() {
    return again.isEmpty() && inFlight.isEmpty() && queue().isExhausted();
  }

  private WebSocket connect(AnswerReader reader) throws IOException, InterruptedException {
    return await(
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + writeKey.value())
            .connectTimeout(CONNECT_TIMEOUT)
            .buildAsync(stream, reader),
        CONNECT_TIMEOUT);
  }

  private void pump(WebSocket socket, AnswerReader reader)
      throws IOException, InterruptedException {
    while (!isDone() && !traffic().hasFailed()) {
      List<Outgoing> events = inFlight.size() < FRAMES_IN_FLIGHT_MAX ? next() : List.of();
      if (!events.isEmpty()) {
        send(socket, events);
      } else if (!inFlight.isEmpty()) {
        String answer = reader.next(IDLE_WAIT);
        if (answer != null) {
          settle(answer);
        } else if (System.nanoTime() - inFlight.element().sentNanos() > ANSWER_TIMEOUT.toNanos()) {
          throw new IOException(
              "no answer on the WebSocket for " + ANSWER_TIMEOUT.toSeconds() + " s");
        }
      }
    }
  }

  /** The next frame's events: those to be repeated come first. */
  private List<Outgoing> next() throws InterruptedException {
    int eventsMax = frames % SINGLE_EVERY == SINGLE_EVERY - 1 ? 1 : FRAME_EVENTS_MAX;
    if (again.isEmpty()) {
      return queue().take(eventsMax, inFlight.isEmpty() ? IDLE_WAIT : Duration.ZERO);
    }
    List<Outgoing> events = new ArrayList<>();
    while (events.size() < eventsMax && !again.isEmpty()) {
      events.add(again.remove());
    }
    return events;
  }

  private void send(WebSocket socket, List<Outgoing> events)
      throws IOException, InterruptedException {
    long now = System.nanoTime();
    inFlight.add(new Frame(events, now));
    traffic().sending(events, now);
    StringBuilder text = new StringBuilder();
    boolean array = frames++ % SINGLE_EVERY != SINGLE_EVERY - 1;
    for (Outgoing event : events) {
      text.append(text.length() == 0 ? (array ? "[" : "") : ",");
      text.append(new String(event.body(), UTF_8));
    }
    await(socket.sendText(array ? text.append(']') : text, true), SEND_TIMEOUT);
  }

  private void settle(String message) throws InterruptedException {
    Answers answers;
    try {
      answers = Answers.parse(message);
    } catch (JacksonException e) {
      throw new IllegalStateException("the edge's answer cannot be read: " + message, e);
    }
    if (answers.perEvent().isEmpty()) {
      return; // a grant of credit: four frames are within the smallest
    }
    Frame frame = inFlight.remove();
    List<Outgoing> rest = traffic().settle(frame.events(), answers, System.nanoTime());
    progress(frame.events(), rest);
    if (!rest.isEmpty()) {
      again.addAll(rest);
      waitOut("edge: " + rest.size() + " events to be sent again", Duration.ZERO);
    }
  }

  /** The connection is gone: what it did not answer is sent again. */
  private void recall() {
    for (Frame frame : inFlight) {
      again.addAll(frame.events());
    }
    inFlight.clear();
  }

  private static <T> T await(CompletableFuture<T> future, Duration timeout)
      throws IOException, InterruptedException {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(Failures.message(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("no answer for " + timeout.toSeconds() + " s", e);
    }
  }
}
