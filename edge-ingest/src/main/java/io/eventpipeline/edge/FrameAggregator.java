package io.eventpipeline.edge;

import io.eventpipeline.edge.event.Utf8;
import java.util.Arrays;

/**
 * Puts the frames of a WebSocket message together, within bounds.
 *
 * <p>Works on frames because Vert.x's own aggregator, for an empty first fragment, invalid UTF-8 or
 * an over-long message, drops or alters messages and keeps the socket open. Control frames never
 * come here.
 */
final class FrameAggregator {

  /** What a frame led to; most outcomes end the connection with a close code of RFC 6455 7.4.1. */
  enum Outcome {
    INCOMPLETE(0, ""),
    COMPLETE(0, ""),
    OUT_OF_SEQUENCE(1002, "fragments out of sequence"),
    NOT_TEXT(1003, "events are text frames"),
    NOT_UTF8(1007, "text that is not UTF-8"),
    TOO_MANY_FRAGMENTS(1008, "too many fragments"),
    TOO_LARGE(1009, "message too large");

    private final int closeCode;
    private final String reason;

    Outcome(int closeCode, String reason) {
      this.closeCode = closeCode;
      this.reason = reason;
    }

    /** The close code; 0 when the connection goes on. */
    short closeCode() {
      return (short) closeCode;
    }

    String reason() {
      return reason;
    }
  }

  /** Kinds of data frame. */
  enum Kind {
    TEXT,
    BINARY,
    CONTINUATION
  }

  private final int bytesMax;
  private final int fragmentsMax;
  private byte[] message = new byte[0];
  private int length;
  private int fragments;

  FrameAggregator(int bytesMax, int fragmentsMax) {
    this.bytesMax = bytesMax;
    this.fragmentsMax = fragmentsMax;
  }

  /**
   * Takes one data frame.
   *
   * @param last whether it ends the message
   * @return after {@code COMPLETE}, {@link #message} and {@link #length} are the message
   */
  Outcome accept(Kind kind, boolean last, byte[] payload) {
    if (kind == Kind.BINARY) {
      return Outcome.NOT_TEXT;
    }
    if ((kind == Kind.CONTINUATION) != (fragments > 0)) {
      return Outcome.OUT_OF_SEQUENCE;
    }
    if (fragments == fragmentsMax) {
      return Outcome.TOO_MANY_FRAGMENTS;
    }
    if ((fragments == 0 ? 0 : length) + (long) payload.length > bytesMax) {
      return Outcome.TOO_LARGE;
    }
    append(payload, last);
    if (!last) {
      return Outcome.INCOMPLETE;
    }
    fragments = 0;
    return Utf8.malformedAt(message, 0, length) < 0 ? Outcome.COMPLETE : Outcome.NOT_UTF8;
  }

  private void append(byte[] payload, boolean last) {
    if (fragments == 0) {
      message = payload;
      length = payload.length;
    } else {
      int end = length + payload.length;
      if (end > message.length) {
        int capacity = last ? end : (int) Math.min(bytesMax, Math.max(end, message.length * 2L));
        message = Arrays.copyOf(message, capacity);
      }
      System.arraycopy(payload, 0, message, length, payload.length);
      length = end;
    }
    fragments++;
  }

  /** The bytes of the message; it may be longer than the message. */
  byte[] message() {
    return message;
  }

  int length() {
    return length;
  }
}
