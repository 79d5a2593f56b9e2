package io.eventpipeline.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One GET over and over on several connections, one request in flight on each, by one thread that
 * does next to nothing else: it reads the first answer and counts the bytes of the others, which
 * are as long.
 */
final class ReadLoad {
  private static final int SAMPLES_MAX = 4_000_000;

  private final byte[] request;
  private final int answerBytes;
  private final long[] nanos = new long[SAMPLES_MAX];
  private int count;

  /** What came of a run; {@code bytes} of one answer, head included. */
  record Result(double rate, double p50Millis, double p99Millis, int bytes) {}

  private static final class Connection {
    private final SocketChannel channel;
    private long sentAt;
    private int missing;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private ReadLoad(int port, String path) throws IOException {
    request =
        ("GET "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
                + TestRegistry.READ
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    answerBytes = firstAnswer(port);
  }

  static Result run(int port, String path, int connections, int seconds) throws IOException {
    ReadLoad load = new ReadLoad(port, path);
    long took = load.loop(port, connections, TimeUnit.SECONDS.toNanos(seconds));
    long[] sorted = Arrays.copyOf(load.nanos, load.count);
    Arrays.sort(sorted);
    return new Result(
        load.count / (took / 1e9),
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        load.answerBytes);
  }

  private int firstAnswer(int port) throws IOException {
    try (SocketChannel channel = connect(port)) {
      channel.write(ByteBuffer.wrap(request));
      ByteBuffer in = ByteBuffer.allocate(1 << 20);
      while (true) {
        if (channel.read(in) < 0) {
          throw new IOException("closed before the answer was complete");
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n") + 4;
        if (head < 4) {
          continue;
        }
        if (!text.startsWith("HTTP/1.1 200")) {
          throw new IOException(text);
        }
        int length =
            Integer.parseInt(
                text.substring(0, head)
                    .replaceAll("(?is).*\r\ncontent-length: *(\\d+)\r\n.*", "$1"));
        if (in.position() == head + length) {
          return head + length;
        }
      }
    }
  }

  private long loop(int port, int connections, long nanosMax) throws IOException {
    ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
    ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        SocketChannel channel = connect(port);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        send(connection, out);
      }
      long start = System.nanoTime();
      while (System.nanoTime() - start < nanosMax && count < SAMPLES_MAX) {
        selector.select(key -> read((Connection) key.attachment(), in, out), 1_000);
      }
      long took = System.nanoTime() - start;
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      return took;
    }
  }

  private void read(Connection connection, ByteBuffer in, ByteBuffer out) {
    try {
      in.clear();
      int bytes = connection.channel.read(in);
      connection.missing -= bytes;
      if (bytes < 0 || connection.missing < 0) {
        throw new IllegalStateException("not the answer that the others got");
      }
      if (connection.missing == 0 && count < SAMPLES_MAX) {
        nanos[count++] = System.nanoTime() - connection.sentAt;
        send(connection, out);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(Connection connection, ByteBuffer out) throws IOException {
    out.rewind();
    connection.sentAt = System.nanoTime();
    connection.missing = answerBytes;
    connection.channel.write(out);
  }

  private static SocketChannel connect(int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.socket().setTcpNoDelay(true);
    return channel;
  }
}
