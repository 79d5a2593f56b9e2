package io.eventpipeline.services;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** {@code kill(2)}: the JDK can only send SIGTERM and SIGKILL, and never to a process group. */
final class Signals {
  static final int INT = 2;
  static final int KILL = 9;
  static final int TERM = 15;
  static final int CONT = 18;
  static final int STOP = 19;

  private Signals() {}

  /** A process that is gone already is no error: that is what every caller is after. */
  static void send(long pid, int signal) {
    C.LIBRARY.kill(Math.toIntExact(pid), signal);
  }

  /** To every process of the group that {@code pid} leads. */
  static void sendGroup(long pid, int signal) {
    C.LIBRARY.kill(Math.toIntExact(-pid), signal);
  }

  /** The part of the C library that is called. */
  interface C extends Library {
    C LIBRARY = Native.load("c", C.class);

    int kill(int pid, int signal);
  }
}
