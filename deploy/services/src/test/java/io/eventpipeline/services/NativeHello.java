package io.eventpipeline.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** The first exchange of ClickHouse's native protocol: the client's hello, the server's. */
final class NativeHello {
  private static final int HELLO = 0;
  private static final int REVISION = 54_000; // old: nothing else is exchanged

  private NativeHello() {}

  /** How the server calls itself once it accepted the password. */
  static String serverName(int port, String user, String password) throws IOException {
    var hello = new ByteArrayOutputStream();
    number(hello, HELLO);
    text(hello, "contract");
    number(hello, 1);
    number(hello, 0);
    number(hello, REVISION);
    text(hello, ""); // database
    text(hello, user);
    text(hello, password);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(hello.toByteArray());
      InputStream in = socket.getInputStream();
      int packet = in.read();
      if (packet != HELLO) {
        throw new IOException("the server answered packet " + packet);
      }
      return new String(in.readNBytes(in.read()), UTF_8);
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  /** Seven bits a byte, lowest first. */
  private static void number(ByteArrayOutputStream out, int number) {
    int rest = number;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
