package io.eventpipeline.launcher.stack;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** The lines that {@code up} prints. Thread-safe: a line is never mixed with another. */
final class Console {
  private final PrintStream out;
  private final long begin = System.nanoTime();

  Console(PrintStream out) {
    this.out = out;
  }

  /** A component or step of the start that took {@code time}. */
  void step(String name, Duration time) {
    line(
        String.format(
            Locale.ROOT,
            "  %-28s %5.1f s   (at %.1f s)",
            name,
            time.toMillis() / 1e3,
            elapsed().toMillis() / 1e3));
  }

  void line(String text) {
    synchronized (out) {
      out.println(text);
      out.flush();
    }
  }

  /** Since this console was made. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
