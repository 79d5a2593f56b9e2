package io.eventpipeline.job.lookup;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks backends before the first event does.
 *
 * <p>A backend's first answer takes up to a second, as classes are loaded and connections made;
 * within an event's timeouts the first events of a job would go on without their profile.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** A cold start may time out twice; what does not answer then is away, and the job starts. */
  private static final int TRIES = 3;

  private static final List<String> NOBODY = List.of("");

  private WarmUp() {}

  /** Blocks for at most three timeouts of each backend; never fails. */
  static void of(List<Backend<?>> backends) {
    for (Backend<?> backend : backends) {
      for (int i = 0; i < TRIES && !answers(backend, i); i++) {}
    }
  }

  private static boolean answers(Backend<?> backend, int earlier) {
    try {
      backend.load(NOBODY);
      return true;
    } catch (Exception e) {
      LOG.info("{} has not answered, try {} of {}: {}", backend, earlier + 1, TRIES, e.toString());
      return false;
    }
  }
}
