package io.eventpipeline.edge;

import io.eventpipeline.edge.FrameAggregator.Kind;
import io.eventpipeline.edge.FrameAggregator.Outcome;
import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.edge.event.ParsedEvent;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * One WebSocket: messages in, one answer for each, in order, after the acknowledgement.
 *
 * <p>Memory is bounded by credit: when the events or bytes that wait reach it, or when the client
 * does not read its answers, the socket is not read until half of it is free again. Lives on its
 * event loop.
 */
final class StreamSession {
  private static final short GOING_AWAY = 1001;
  private static final short POLICY = 1008;
  private static final int SILENT_INTERVALS_MAX = 2;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final ServerWebSocket socket;
  private final EdgeConfig.Stream config;
  private final Credentials credentials;
  private final Fingerprint fingerprint;
  private final Submitter submitter;
  private final EdgeStats stats;
  private final EventParser parser;
  private final FrameAggregator aggregator;
  private final Queue<Answer> answers = new ArrayDeque<>();
  private long frames;
  private int waitingEvents;
  private long waitingBytes;
  private int silentIntervals;
  private int pings;
  private long pingsSinceNanos;
  private boolean paused;
  private boolean leaving;
  private boolean closed;

  /** The answer to one message: holds its place in the order until it is settled. */
  private static final class Answer {
    private final long frame;
    private final int events;
    private final int bytes;
    private Submission settled;

    Answer(long frame, int events, int bytes) {
      this.frame = frame;
      this.events = events;
      this.bytes = bytes;
    }
  }

  StreamSession(
      ServerWebSocket socket,
      EdgeConfig.Stream config,
      Credentials credentials,
      Fingerprint fingerprint,
      Submitter submitter,
      EdgeStats stats,
      EventParser parser) {
    this.socket = socket;
    this.config = config;
    this.credentials = credentials;
    this.fingerprint = fingerprint;
    this.submitter = submitter;
    this.stats = stats;
    this.parser = parser;
    this.aggregator = new FrameAggregator(config.messageBytesMax(), config.fragmentsMax());
  }

  /**
   * Starts to read; must be called in the turn of the event loop that accepted the socket.
   *
   * @param left called when the socket is closed
   */
  void start(Vertx vertx, Runnable left) {
    long pings = vertx.setPeriodic(config.pingInterval().toMillis(), tick -> ping());
    stats.stream(1);
    socket.frameHandler(this::frame);
    socket.pongHandler(pong -> silentIntervals = 0);
    socket.drainHandler(drained -> resumeWhenFree());
    socket.exceptionHandler(this::failed);
    socket.shutdownHandler(shutdown -> leave());
    socket.closeHandler(
        gone -> {
          closed = true;
          answers.clear();
          vertx.cancelTimer(pings);
          stats.stream(-1);
          left.run();
        });
  }

  private void frame(WebSocketFrame frame) {
    silentIntervals = 0;
    Kind kind =
        switch (frame.type()) {
          case TEXT -> Kind.TEXT;
          case BINARY -> Kind.BINARY;
          case CONTINUATION -> Kind.CONTINUATION;
          case CLOSE, PING, PONG -> null; // answered by Vert.x
        };
    if (frame.type() == WebSocketFrameType.PING) {
      pinged();
    }
    if (kind == null || leaving || isClosed()) {
      return;
    }
    Outcome outcome = aggregator.accept(kind, frame.isFinal(), frame.binaryData().getBytes());
    if (outcome == Outcome.COMPLETE) {
      message();
    } else if (outcome.closeCode() != 0) {
      close(outcome.closeCode(), outcome.reason());
    }
  }

  /**
   * Counts a ping. Vert.x answers each before it is seen here, so the only way to answer no more is
   * to read no more; not in this turn, since after it Vert.x asks for one frame in place of a ping.
   */
  private void pinged() {
    long now = System.nanoTime();
    if (now - pingsSinceNanos >= SECOND_NANOS) {
      pingsSinceNanos = now;
      pings = 0;
    }
    pings++;
    if (pings > config.pingsPerSecondMax()) {
      close(POLICY, "too many pings");
      Vertx.currentContext().runOnContext(next -> socket.pause());
    } else {
      pauseWhenFull(); // a client that pings may not read the answers
    }
  }

  private void message() {
    WriteKey key = credentials.find(fingerprint);
    if (key == null) {
      close(POLICY, "the write key is no longer valid");
      return;
    }
    stats.bytes(aggregator.length());
    List<ParsedEvent> events =
        parser.parseOneOrMany(aggregator.message(), 0, aggregator.length()).eventsOrRefusal();
    Answer answer = new Answer(frames++, events.size(), aggregator.length());
    answers.add(answer);
    waitingEvents += answer.events;
    waitingBytes += answer.bytes;
    submitter.submit(
        events,
        key,
        settled -> {
          answer.settled = settled;
          flush();
        });
    pauseWhenFull();
  }

  private void flush() {
    while (!isClosed() && !answers.isEmpty() && answers.peek().settled != null) {
      Answer answer = answers.poll();
      waitingEvents -= answer.events;
      waitingBytes -= answer.bytes;
      socket.writeTextMessage(ResultWriter.frame(answer.settled, answer.frame, credit()));
    }
    pauseWhenFull();
    resumeWhenFree();
    if (leaving && answers.isEmpty()) {
      close(GOING_AWAY, "the server stops");
    }
  }

  private int credit() {
    return Math.max(0, config.creditEvents() - waitingEvents);
  }

  private void pauseWhenFull() {
    if (paused || isClosed()) {
      return;
    }
    if (waitingEvents >= config.creditEvents()
        || waitingBytes >= config.creditBytes()
        || socket.writeQueueFull()) {
      paused = true;
      socket.pause();
    }
  }

  private void resumeWhenFree() {
    if (!paused || leaving || isClosed()) {
      return;
    }
    if (waitingEvents <= config.creditEvents() / 2
        && waitingBytes <= config.creditBytes() / 2
        && !socket.writeQueueFull()) {
      paused = false;
      silentIntervals = 0;
      socket.resume();
    }
  }

  /** Closed by us, or by the other side and we are about to be told. */
  private boolean isClosed() {
    return closed || socket.isClosed();
  }

  /** A socket that is paused is silent by our own doing: only one that is read can be idle. */
  private void ping() {
    if (paused || isClosed()) {
      return;
    }
    if (silentIntervals >= SILENT_INTERVALS_MAX) {
      close(GOING_AWAY, "silent for too long");
      return;
    }
    silentIntervals++;
    socket.writePing(Buffer.buffer());
  }

  /**
   * Netty found a frame that breaks the protocol (1002) or the size limit (1009), or the connection
   * broke. Vert.x closes the connection next, without a close frame.
   */
  private void failed(Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupted) {
      close((short) corrupted.closeStatus().code(), corrupted.closeStatus().reasonText());
    }
  }

  /** Stops reading, answers what was read, then closes. */
  private void leave() {
    leaving = true;
    socket.pause();
    flush();
  }

  private void close(short code, String reason) {
    if (!isClosed()) {
      closed = true;
      socket.close(code, reason);
    }
  }
}
