package io.eventpipeline.services;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Asks each kind of server a question of its own protocol over a fresh connection, with no client
 * library. Every answer takes at most about 2 s; no answer, or a wrong one, is {@code false}.
 */
public final class Probe {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int BODY_MAX = 1 << 20;
  private static final short METADATA = 3;
  private static final int POSTGRES_PROTOCOL_3 = 196_608;

  private Probe() {}

  /** An exchange over a connected socket. */
  private interface Dialogue {
    boolean run(DataOutputStream out, DataInputStream in) throws IOException;
  }

  /**
   * Metadata, version 4, of no topic. ApiVersions would be smaller, but the broker answers it while
   * the controller still fences it, when no topic can be made yet; a fenced broker is not listed.
   */
  public static boolean kafka(int port) {
    int correlation = 0x65766e74;
    return talk(
        port,
        (out, in) -> {
          out.writeInt(15); // bytes that follow
          out.writeShort(METADATA);
          out.writeShort(4);
          out.writeInt(correlation);
          out.writeShort(-1); // no client id
          out.writeInt(0); // topics
          out.writeBoolean(false); // create them
          out.flush();
          int size = in.readInt();
          if (size < 12 || in.readInt() != correlation) {
            return false;
          }
          in.readInt(); // throttle time
          return in.readInt() > 0; // brokers
        });
  }

  /** PING. */
  public static boolean redis(int port) {
    return talk(
        port,
        (out, in) -> {
          out.write("*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
          return new String(in.readNBytes(7), StandardCharsets.US_ASCII).equals("+PONG\r\n");
        });
  }

  /** {@code ruok}. */
  static boolean zooKeeper(int port) {
    return talk(
        port,
        (out, in) -> {
          out.write("ruok".getBytes(StandardCharsets.US_ASCII));
          out.flush();
          return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("imok");
        });
  }

  /** A startup packet: a server that recovers or stops says so before it asks for a password. */
  public static boolean postgres(int port, String user, String database) {
    byte[] parameters =
        ("user\0" + user + "\0database\0" + database + "\0\0").getBytes(StandardCharsets.UTF_8);
    return talk(
        port,
        (out, in) -> {
          out.writeInt(8 + parameters.length);
          out.writeInt(POSTGRES_PROTOCOL_3);
          out.write(parameters);
          out.flush();
          return in.readUnsignedByte() == 'R';
        });
  }

  /** Status 200, redirects not followed. */
  public static boolean http(URI uri) {
    return body(uri).isPresent();
  }

  /** What came with status 200; empty without an answer or with another status. */
  static Optional<String> body(URI uri) {
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Connection", "close");
      try (InputStream body = connection.getInputStream()) {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK
            ? Optional.of(new String(body.readNBytes(BODY_MAX), StandardCharsets.UTF_8))
            : Optional.empty();
      } finally {
        connection.disconnect();
      }
    } catch (IOException noAnswer) {
      return Optional.empty();
    }
  }

  /** As {@link #http(URI)}, on the loopback interface. */
  public static boolean http(int port, String path) {
    return http(URI.create("http://127.0.0.1:" + port + path));
  }

  private static boolean talk(int port, Dialogue dialogue) {
    try (var socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      return dialogue.run(
          new DataOutputStream(socket.getOutputStream()),
          new DataInputStream(socket.getInputStream()));
    } catch (IOException noAnswer) {
      return false;
    }
  }
}
