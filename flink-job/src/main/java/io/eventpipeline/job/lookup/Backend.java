package io.eventpipeline.job.lookup;

import java.util.Collection;
import java.util.Map;

/**
 * One place where values are looked up by key, many at a time.
 *
 * @param <V> what is looked up
 */
interface Backend<V> {
  /**
   * The values of those keys that exist here.
   *
   * @throws Exception when the backend does not answer in time or answers nonsense
   */
  Map<String, V> load(Collection<String> keys) throws Exception;
}
