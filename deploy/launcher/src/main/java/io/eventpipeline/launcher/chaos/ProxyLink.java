package io.eventpipeline.launcher.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;

/** One connection through a {@link FaultProxy}: a thread for each direction. */
final class ProxyLink {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final FaultProxy proxy;
  private final Socket client;
  private volatile Socket server;
  private volatile boolean dead;
  private volatile boolean ended;
  private int directionsLeft = 2;

  ProxyLink(FaultProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  void start() {
    daemon("proxy-link-" + client.getPort(), this::connect);
  }

  private void connect() {
    try {
      client.setTcpNoDelay(true);
      Socket socket = proxy.connect();
      socket.setTcpNoDelay(true);
      server = socket;
      if (client.isClosed()) {
        reset(socket); // it was cut while the server took its time
      }
    } catch (IOException e) {
      reset();
      return;
    }
    daemon("proxy-back-" + client.getPort(), () -> pump(server, client));
    pump(client, server);
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (proxy.mode() == FaultProxy.Mode.DELAY) {
          Thread.sleep(proxy.delay().toMillis());
        }
        dead |= proxy.mode() == FaultProxy.Mode.SWALLOW;
        if (!dead) {
          out.write(buffer, 0, n);
        }
      }
      if (dead) {
        hangUp();
      } else {
        to.shutdownOutput();
      }
    } catch (IOException e) {
      hangUp();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reset();
    } finally {
      directionEnded();
    }
  }

  /** One side is gone: the other learns it at once, unless nothing gets through. */
  private void hangUp() {
    ended = true;
    if (proxy.mode() != FaultProxy.Mode.SWALLOW) {
      reset();
    }
  }

  private void directionEnded() {
    boolean last;
    synchronized (this) {
      directionsLeft--;
      last = directionsLeft == 0;
    }
    if (last) {
      close(client);
      close(server);
      proxy.forget(this);
    }
  }

  /** The fault is over: ends that were held back are passed on. */
  void settle() {
    if (ended) {
      reset();
    }
  }

  /** Ends both connections with RST. */
  void reset() {
    reset(client);
    if (server != null) {
      reset(server);
    }
    proxy.forget(this);
  }

  static void reset(Socket socket) {
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    } catch (SocketException closedMeanwhile) {
      return;
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
