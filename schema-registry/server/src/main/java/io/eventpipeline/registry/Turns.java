package io.eventpipeline.registry;

import java.util.concurrent.Semaphore;

/**
 * Lets only so many threads at once do what takes a good part of the heap. The others wait, so no
 * work in a turn may itself wait: not for a connection, not for a lock.
 */
final class Turns {
  private final Semaphore free;

  Turns(int atOnce) {
    this.free = new Semaphore(atOnce, true);
  }

  /**
   * Work that may end with a checked exception.
   *
   * @param <E> that exception
   */
  @FunctionalInterface
  interface Work<E extends Exception> {
    void run() throws E;
  }

  /** Does it when it is this thread's turn. */
  <E extends Exception> void take(Work<E> work) throws E {
    free.acquireUninterruptibly();
    try {
      work.run();
    } finally {
      free.release();
    }
  }
}
