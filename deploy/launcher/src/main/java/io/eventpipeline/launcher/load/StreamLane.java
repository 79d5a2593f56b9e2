package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * {@code WS /v1/events/stream}: frames of one event or of an array, several in flight.
 *
 * <p>The edge answers each frame in order. After a lost connection everything that was not answered
 * goes first over the next one, in its old order; deduplication collapses what had arrived.
 */
final class StreamLane extends Lane {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration IDLE_WAIT = Duration.ofMillis(20);
  private static final Duration GLANCE = Duration.ofMillis(1);
  private static final int FRAMES_IN_FLIGHT_MAX = 4;
  private static final int FRAME_EVENTS_MAX = 100;

  /** One frame in so many holds a single event outside an array. */
  private static final int SINGLE_EVERY = 10;

  private record Frame(List<Outgoing> events, long sentNanos) {}

  private final URI stream;
  private final Secret writeKey;
  private final Deque<Outgoing> again = new ArrayDeque<>();
  private final Deque<Frame> inFlight = new ArrayDeque<>();
  private byte[] text = new byte[64 * 1024];
  private int frames;

  /** A lane that sends as the store of {@code writeKey}. */
  StreamLane(Traffic traffic, URI edge, Secret writeKey) {
    super(traffic);
    this.stream = URI.create(edge.toString().replaceFirst("^http", "ws") + "/v1/events/stream");
    this.writeKey = writeKey;
  }

  @Override
  void deliver() throws InterruptedException {
    while (!isDone() && !traffic().hasFailed()) {
      try (TextSocket socket =
          TextSocket.connect(stream, "Bearer " + writeKey.value(), CONNECT_TIMEOUT)) {
        pump(socket);
        socket.finish();
      } catch (IOException e) {
        recall();
        if (!isDone()) {
          waitOut("edge: " + Failures.message(e), Duration.ZERO);
        }
      }
    }
  }

  private boolean isDone() {
    return again.isEmpty() && inFlight.isEmpty() && queue().isExhausted();
  }

  private void pump(TextSocket socket) throws IOException, InterruptedException {
    while (!isDone() && !traffic().hasFailed()) {
      if (Thread.interrupted()) {
        throw new InterruptedException(); // reading and writing a socket do not see it
      }
      List<Outgoing> events = inFlight.size() < FRAMES_IN_FLIGHT_MAX ? next() : List.of();
      if (!events.isEmpty()) {
        send(socket, events);
        continue;
      }
      // With nothing to wait for too, since the edge may ask whether this side is there
      byte[] answer = socket.receive(inFlight.isEmpty() ? GLANCE : IDLE_WAIT);
      if (answer != null) {
        settle(answer);
      } else if (isOverdue()) {
        throw new IOException(
            "no answer on the WebSocket for " + ANSWER_TIMEOUT.toSeconds() + " s");
      }
    }
  }

  private boolean isOverdue() {
    return !inFlight.isEmpty()
        && System.nanoTime() - inFlight.element().sentNanos() > ANSWER_TIMEOUT.toNanos();
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

  private void send(TextSocket socket, List<Outgoing> events) throws IOException {
    long now = System.nanoTime();
    inFlight.add(new Frame(events, now));
    traffic().sending(events, now);
    boolean array = frames++ % SINGLE_EVERY != SINGLE_EVERY - 1;
    int length = 0;
    for (Outgoing event : events) {
      byte[] body = event.body();
      reserve(length, body.length + 2);
      if (array) {
        text[length] = (byte) (length == 0 ? '[' : ',');
        length++;
      }
      System.arraycopy(body, 0, text, length, body.length);
      length += body.length;
    }
    if (array) {
      text[length++] = ']';
    }
    socket.send(text, length);
  }

  private void reserve(int length, int more) {
    if (length + more > text.length) {
      text = Arrays.copyOf(text, 2 * (length + more));
    }
  }

  private void settle(byte[] message) throws InterruptedException {
    Answers answers;
    try {
      answers = Answers.parse(message);
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "the edge's answer cannot be read: " + new String(message, UTF_8), e);
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
}
