package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** A WebSocket client that sends any frame, right or wrong. One thread sends and one receives. */
final class RawWebSocket implements AutoCloseable {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  private static final int FINAL = 0x80;

  /** One frame as it came. */
  record Frame(int opcode, byte[] payload) {
    String text() {
      return new String(payload, UTF_8);
    }

    int closeCode() {
      return opcode == CLOSE ? ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF) : 0;
    }
  }

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final String handshake;

  private RawWebSocket(int port, String header) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    String request =
        "GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + header
            + "\r\n\r\n";
    out.write(request.getBytes(ISO_8859_1));
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    handshake = head.toString(ISO_8859_1);
  }

  static RawWebSocket open(int port) throws IOException {
    return open(port, "Authorization: Bearer " + TestKeys.KEY);
  }

  static RawWebSocket open(int port, String header) throws IOException {
    return new RawWebSocket(port, header);
  }

  /** Head of the server's answer to the handshake. */
  String handshake() {
    return handshake;
  }

  void send(String text) throws IOException {
    send(TEXT, true, text.getBytes(UTF_8));
  }

  void send(int opcode, boolean last, byte[] payload) throws IOException {
    head(opcode, last, payload.length);
    out.write(payload); // the mask is four zeros
    out.flush();
  }

  /** Announces a frame and sends nothing of it. */
  void head(int opcode, boolean last, long length) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write((last ? FINAL : 0) | opcode);
    if (length < 126) {
      head.write(0x80 | (int) length);
    } else if (length < 65_536) {
      head.write(0x80 | 126);
      head.write((int) (length >> 8));
      head.write((int) length);
    } else {
      head.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        head.write((int) (length >> shift));
      }
    }
    head.writeBytes(new byte[4]);
    out.write(head.toByteArray());
    out.flush();
  }

  /** The next frame other than ping and pong. */
  Frame receive() throws IOException {
    Frame frame = receiveAny();
    return frame.opcode() == PING || frame.opcode() == PONG ? receive() : frame;
  }

  Frame receiveAny() throws IOException {
    int opcode = in.readUnsignedByte() & 0x0F;
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    return new Frame(opcode, in.readNBytes((int) length));
  }

  JsonObject receiveJson() throws IOException {
    return new JsonObject(receive().text());
  }

  /** Whether the server closed the connection; waits for it. */
  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
