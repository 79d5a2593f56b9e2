package io.eventpipeline.services;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Which ports a kit's services listen on. Thread-safe. */
public sealed interface Ports permits FixedPorts, FreePorts {
  /** The ports of the documentation, each plus {@code offset}; a taken one is an error at start. */
  static Ports offset(int offset) {
    return new FixedPorts(offset);
  }

  /**
   * Any free ports, reserved against every other JVM of this user that asks the same way. They lie
   * below the range from which Linux serves {@code bind(0)} and outgoing connections, so nothing
   * takes one while its server is down between a kill and a restart.
   */
  static Ports free() {
    return new FreePorts();
  }

  /**
   * Takes one port.
   *
   * @param usual the documented port, used by {@link #offset}; 0 = an internal one, always free
   * @throws ServiceException when none is left
   */
  Reservation reserve(int usual);

  /** What to say when {@code port} turns out to be taken. */
  String advice();

  /** Keeps a port from other kits until closed. */
  interface Reservation extends Closeable {
    int port();

    @Override
    void close();

    /** A port that somebody else looks after. */
    static Reservation of(int port) {
      return new Reservation() {
        @Override
        public int port() {
          return port;
        }

        @Override
        public void close() {
          // Nothing was taken
        }
      };
    }
  }

  /** Whether a server could listen on it now, on the loopback interface. */
  static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of the server before, in TIME_WAIT, do not matter
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
