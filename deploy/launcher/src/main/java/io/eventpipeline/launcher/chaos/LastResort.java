package io.eventpipeline.launcher.chaos;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A cure that gets help when it has failed for a while: a server whose memory is full to the last
 * byte refuses even the statement that would free some, until it is started anew.
 *
 * <p>The help is given once; that the cure failed is still reported, so that it is tried again.
 * Used by one thread.
 */
final class LastResort implements Faults.Cure {
  private final Faults.Cure cure;
  private final Runnable help;
  private final Duration patience;
  private final InstantSource clock;
  private Instant helpAfter = Instant.MAX;
  private boolean helped;

  /**
   * @param patience from the first failure of {@code cure} until {@code help} is called
   */
  LastResort(Faults.Cure cure, Runnable help, Duration patience, InstantSource clock) {
    this.cure = cure;
    this.help = help;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public void apply() throws IOException, InterruptedException {
    try {
      cure.apply();
    } catch (IOException e) {
      Instant now = clock.instant();
      if (helpAfter.equals(Instant.MAX)) {
        helpAfter = now.plus(patience);
      } else if (!helped && !now.isBefore(helpAfter)) {
        helped = true;
        help.run();
      }
      throw e;
    }
  }
}
