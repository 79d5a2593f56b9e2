package io.eventpipeline.launcher.chaos;

import java.io.IOException;

/** What can be done to a stack, and undone. Any thread. */
interface Faults {

  /** How to undo a fault; may be repeated until it succeeds. */
  interface Cure {
    void apply() throws IOException, InterruptedException;
  }

  /**
   * Injects {@code fault}; returns when it has begun.
   *
   * @return how to undo it
   * @throws IOException when it could not be injected, as with a component that is down
   */
  Cure inject(Schedule.Planned fault) throws IOException, InterruptedException;

  /** How to undo whatever a fault that could not be injected may have left half done. */
  Cure everything();
}
