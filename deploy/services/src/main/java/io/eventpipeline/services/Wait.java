package io.eventpipeline.services;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls a condition that another process makes true. */
final class Wait {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Wait() {}

  /** False when the condition did not hold within {@code limit} or the thread was interrupted. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
    return true;
  }
}
