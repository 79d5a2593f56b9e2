package io.eventpipeline.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Ctrl-C, SIGTERM and the closed terminal: the first asks for a clean stop, the second ends this
 * JVM at once, and the kit's reaper kills what it had started.
 *
 * <p>A shutdown hook cannot do that, since a JVM that runs its hooks ignores further signals. The
 * JDK's signal API is in the supported module jdk.unsupported, but the compiler warns of it in a
 * way that no option silences: hence reflection.
 */
final class Interrupts {
  private static final int EXIT_CODE = 130; // 128 + SIGINT, as shells report it

  private final Runnable stop;
  private boolean asked;

  private Interrupts(Runnable stop) {
    this.stop = stop;
  }

  /**
   * Handles the signals of this JVM from now on.
   *
   * @param stop called once, on the JVM's signal thread; must not block
   */
  static void handle(Runnable stop) {
    Interrupts interrupts = new Interrupts(stop);
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> interrupts.call(self, method, args));
      Method handle = signal.getMethod("handle", signal, handler);
      for (String name : List.of("INT", "TERM", "HUP")) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (InvocationTargetException e) {
      // HUP under nohup: the JVM keeps it ignored and refuses a handler. That is what is wanted.
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw new IllegalStateException("cannot handle signals", e);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
    }
  }

  private Object call(Object self, Method method, Object[] args) {
    return switch (method.getName()) {
      case "handle" -> {
        received();
        yield null;
      }
      case "hashCode" -> System.identityHashCode(self);
      case "equals" -> self == args[0];
      default -> "stop";
    };
  }

  private synchronized void received() {
    if (asked) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    asked = true;
    stop.run();
  }
}
