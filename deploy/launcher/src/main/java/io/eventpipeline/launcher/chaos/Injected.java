package io.eventpipeline.launcher.chaos;

import java.time.Instant;

/**
 * A fault that was due.
 *
 * @param end when it was undone, or when it was over by itself
 * @param failure why it could not be injected; {@code ""} when it was
 */
record Injected(FaultKind kind, Instant begin, Instant end, String failure) {
  boolean happened() {
    return failure.isEmpty();
  }
}
