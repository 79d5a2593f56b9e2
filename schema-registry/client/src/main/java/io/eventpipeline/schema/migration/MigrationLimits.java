package io.eventpipeline.schema.migration;

import io.eventpipeline.contract.EventLimits;
import java.time.Duration;

/**
 * What a migration may cost. Steps, depth and sizes are counted, so that the same event is migrated
 * or refused alike however often it is replayed; time is the last resort.
 */
public final class MigrationLimits {
  /** Longest expression, characters. */
  public static final int EXPRESSION_CHARS_MAX = 8_192;

  /** Deepest nesting of brackets in an expression. */
  public static final int NESTING_MAX = 50;

  /** Most parts of an expression evaluated for one event: an order of 500 lines takes 10,000. */
  public static final int STEPS_MAX = 50_000;

  /** Deepest nesting of evaluations; a function that calls itself uses about 6 for a call. */
  public static final int DEPTH_MAX = 250;

  /**
   * Largest value, the result included: characters of its strings and names, and one for each
   * member and item.
   */
  public static final int SIZE_MAX = EventLimits.EVENT_BYTES_MAX;

  /** Sum of the sizes of all values that come up on the way, in the same measure. */
  public static final long WORK_MAX = 16L * SIZE_MAX;

  /**
   * Longest evaluation, in processor time of its thread: a pause of the process is not the
   * expression's. Usual ones take some microseconds, {@link #STEPS_MAX} simple steps a tenth of it.
   */
  public static final Duration TIME_MAX = Duration.ofSeconds(1);

  private MigrationLimits() {}
}
