package io.eventpipeline.job.lookup;

import java.util.Map;

/**
 * A backend in front of another: what the other one knew is kept here for a while.
 *
 * @param <V> what is looked up
 */
interface CacheBackend<V> extends Backend<V> {
  /**
   * Keeps values for the next reader, whichever process that is.
   *
   * @throws Exception as {@link #load}
   */
  void keep(Map<String, V> values) throws Exception;
}
