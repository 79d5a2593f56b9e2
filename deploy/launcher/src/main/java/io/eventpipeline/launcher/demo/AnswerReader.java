package io.eventpipeline.launcher.demo;

import java.io.IOException;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The text messages of one WebSocket, whole and in order, from the client's thread to the lane's.
 * Holds at most as many as there are frames in flight.
 */
final class AnswerReader implements WebSocket.Listener {
  /** Either a message or, once and last, why there will be no more. */
  private record Item(String message, IOException end) {}

  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();

  /**
   * Waits for the next message.
   *
   * @return null when there is none within {@code timeout}
   * @throws IOException when the connection is closed or lost
   */
  String next(Duration timeout) throws IOException, InterruptedException {
    Item item = items.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (item == null) {
      return null;
    }
    if (item.end() != null) {
      throw item.end();
    }
    return item.message();
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      items.add(new Item(partial.toString(), null));
      partial.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
    items.add(
        new Item(null, new IOException("WebSocket closed with " + statusCode + " " + reason)));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    items.add(new Item(null, new IOException(Failures.message(error), error)));
  }
}
