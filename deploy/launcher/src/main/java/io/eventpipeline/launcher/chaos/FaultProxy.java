package io.eventpipeline.launcher.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * TCP from one loopback port to another, with faults on demand. Thread-safe.
 *
 * <p>Two threads and two buffers of 16 KiB a connection; above {@value #CONNECTIONS_MAX}
 * connections further ones are reset. What one side does not read is not read from the other.
 */
final class FaultProxy implements AutoCloseable {
  static final int CONNECTIONS_MAX = 512;
  private static final int CONNECT_MILLIS = 2_000;

  /** What becomes of what arrives. */
  enum Mode {
    /** It is passed on. */
    PASS,
    /** Its connection is reset. */
    CUT,
    /**
     * It vanishes, and so does everything after it on the same connection, also when the fault is
     * over: neither side can tell before its own timeout. Ends are not passed on while it lasts.
     */
    SWALLOW,
    /** It is passed on later. */
    DELAY
  }

  private final ServerSocket listener;
  private final int to;
  private final Duration delay;
  private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
  private volatile Mode mode = Mode.PASS;
  private Thread acceptor;

  private FaultProxy(ServerSocket listener, int to, Duration delay) {
    this.listener = listener;
    this.to = to;
    this.delay = delay;
  }

  /**
   * Listens at once.
   *
   * @param from port to listen on; 0 = any free one
   * @param to port to connect to, for each connection anew
   * @param delay of each piece of up to 16 KiB in {@link Mode#DELAY}
   * @throws UncheckedIOException when {@code from} is taken
   */
  static FaultProxy open(int from, int to, Duration delay) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), from));
      FaultProxy proxy = new FaultProxy(listener, to, delay);
      proxy.acceptor = ProxyLink.daemon("proxy-" + listener.getLocalPort(), proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("port " + from + ": " + e.getMessage(), e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on; connections that are open are reset when it is {@link Mode#CUT}. */
  void mode(Mode next) {
    mode = next;
    if (next == Mode.CUT) {
      links.forEach(ProxyLink::reset);
    } else if (next == Mode.PASS) {
      links.forEach(ProxyLink::settle);
    }
  }

  Mode mode() {
    return mode;
  }

  Duration delay() {
    return delay;
  }

  /** How many connections are open. */
  int connections() {
    return links.size();
  }

  void forget(ProxyLink link) {
    links.remove(link);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        // The connection may take its time, as with a server that is paused: not on this thread
        if (mode == Mode.CUT || links.size() >= CONNECTIONS_MAX) {
          ProxyLink.reset(client);
        } else {
          ProxyLink link = new ProxyLink(this, client);
          links.add(link);
          link.start();
          if (mode == Mode.CUT) {
            link.reset(); // the cut came between the question and the answer
          }
        }
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException("proxy on port " + port(), e);
        }
      }
    }
  }

  Socket connect() throws IOException {
    Socket server = new Socket();
    server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to), CONNECT_MILLIS);
    return server;
  }

  /** Resets every connection; the port is free when it returns. */
  @Override
  public void close() {
    try {
      listener.close();
      acceptor.join(); // the kernel listens for as long as somebody accepts
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      links.forEach(ProxyLink::reset);
    }
  }
}
