package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * The client's end of one WebSocket without TLS, RFC 6455: whole text frames out, whole messages
 * in, UTF-8 on both sides. One thread.
 *
 * <p>Not the JDK's, which takes characters: it would decode every event and encode it again, one
 * character at a time, on the cores that the measured system runs on.
 */
final class TextSocket implements Closeable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
  private static final SecureRandom KEYS = new SecureRandom();
  private static final int HEAD_BYTES_MAX = 16 * 1024;
  private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
  private static final int HEADER_BYTES_MAX = 14;
  private static final int MASKED = 0x80;
  private static final int FINAL = 0x80;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int NORMAL_CLOSURE = 1000;

  private final Socket socket;
  private final Duration patience;
  private final InputStream in;
  private final OutputStream out;
  private final SplittableRandom masks = new SplittableRandom(KEYS.nextLong());
  private byte[] frame = new byte[64 * 1024];

  private TextSocket(Socket socket, Duration patience) throws IOException {
    this.socket = socket;
    this.patience = patience;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    this.out = socket.getOutputStream();
  }

  /**
   * Connects and shakes hands.
   *
   * @param address {@code ws://host:port/path}
   * @param authorization value of that header
   * @param patience longest wait for the connection, the handshake, and the rest of a message
   * @throws IOException when the server cannot be reached or refuses; the message has its status
   */
  static TextSocket connect(URI address, String authorization, Duration patience)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(address.getHost(), address.getPort()), (int) patience.toMillis());
      TextSocket connected = new TextSocket(socket, patience);
      connected.shakeHands(address, authorization);
      return connected;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void shakeHands(URI address, String authorization) throws IOException {
    byte[] nonce = new byte[16];
    KEYS.nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    String request =
        """
        GET %s HTTP/1.1\r
        Host: %s\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: %s\r
        Authorization: %s\r
        \r
        """;
    out.write(
        request
            .formatted(address.getPath(), address.getAuthority(), key, authorization)
            .getBytes(US_ASCII));
    socket.setSoTimeout((int) patience.toMillis());
    String[] head = head().split("\r\n");
    if (!head[0].startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + head[0]);
    }
    String accept = "sec-websocket-accept: " + accept(key);
    if (Arrays.stream(head).noneMatch(line -> line.equalsIgnoreCase(accept))) {
      throw new IOException("no WebSocket: the answer is to another handshake");
    }
  }

  /** Up to and with the empty line. */
  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
      if (head.length() == HEAD_BYTES_MAX) {
        throw new IOException("no WebSocket: endless answer to the handshake");
      }
      head.append((char) octet());
    }
    return head.toString();
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** Sends {@code text}, UTF-8, as one frame; blocks while the server does not read. */
  void send(byte[] text, int length) throws IOException {
    send(TEXT, text, length);
  }

  private void send(int opcode, byte[] payload, int length) throws IOException {
    if (frame.length < HEADER_BYTES_MAX + length) {
      frame = new byte[2 * (HEADER_BYTES_MAX + length)];
    }
    ByteBuffer header = ByteBuffer.wrap(frame);
    header.put((byte) (FINAL | opcode));
    if (length < 126) {
      header.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      header.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      header.put((byte) (MASKED | 127)).putLong(length);
    }
    int mask = masks.nextInt();
    header.putInt(mask);
    mask(payload, length, mask, header);
    out.write(frame, 0, header.position());
  }

  /** Eight bytes at a time; a mask that differs from frame to frame is all that is asked for. */
  private static void mask(byte[] payload, int length, int mask, ByteBuffer to) {
    ByteBuffer from = ByteBuffer.wrap(payload, 0, length);
    long twice = ((mask & 0xffff_ffffL) << 32) | (mask & 0xffff_ffffL);
    while (from.remaining() >= Long.BYTES) {
      to.putLong(from.getLong() ^ twice);
    }
    for (int i = 0; from.hasRemaining(); i++) {
      to.put((byte) (from.get() ^ (mask >>> (24 - 8 * (i & 3)))));
    }
  }

  /**
   * The next message.
   *
   * @return null when none begins within {@code wait}
   * @throws IOException when the connection is closed or lost, or stops in the middle of a message
   */
  byte[] receive(Duration wait) throws IOException {
    byte[] message = null;
    while (true) {
      int first = message == null ? firstOctet(wait) : octet();
      if (first < 0) {
        return null;
      }
      byte[] payload = payload(message == null ? 0 : message.length);
      int opcode = first & 0x0f;
      if (opcode == PING) {
        send(PONG, payload, payload.length);
      } else if (opcode == CLOSE) {
        throw new IOException("WebSocket closed with " + reason(payload));
      } else if (opcode != PONG) {
        message = message == null ? payload : joined(message, payload);
        if ((first & FINAL) != 0) {
          return message;
        }
      }
    }
  }

  /** -1 when there is none within {@code wait}. */
  private int firstOctet(Duration wait) throws IOException {
    socket.setSoTimeout((int) wait.toMillis());
    try {
      return octet();
    } catch (SocketTimeoutException nothing) {
      return -1;
    } finally {
      socket.setSoTimeout((int) patience.toMillis());
    }
  }

  private byte[] payload(int before) throws IOException {
    long length = octet();
    if ((length & MASKED) != 0) {
      throw new IOException("WebSocket: a masked frame from the server");
    }
    if (length >= 126) {
      int octets = length == 126 ? Short.BYTES : Long.BYTES;
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | octet();
      }
    }
    if (length < 0 || length + before > MESSAGE_BYTES_MAX) {
      throw new IOException("WebSocket: a message of more than " + MESSAGE_BYTES_MAX + " bytes");
    }
    byte[] payload = in.readNBytes((int) length);
    if (payload.length < length) {
      throw new EOFException("connection lost");
    }
    return payload;
  }

  private int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException("connection lost");
    }
    return octet;
  }

  private static byte[] joined(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  private static String reason(byte[] payload) {
    return payload.length < 2
        ? "no reason"
        : (int) ByteBuffer.wrap(payload).getChar()
            + " "
            + new String(payload, 2, payload.length - 2, UTF_8);
  }

  /** Says that this was all, and closes the connection without waiting for the server. */
  void finish() throws IOException {
    send(CLOSE, new byte[] {NORMAL_CLOSURE >>> 8, (byte) NORMAL_CLOSURE}, 2);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
