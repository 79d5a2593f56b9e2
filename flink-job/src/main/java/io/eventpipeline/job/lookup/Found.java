package io.eventpipeline.job.lookup;

import io.eventpipeline.job.LookupStatus;

/**
 * The answer to one look-up.
 *
 * @param value null unless the status is {@link LookupStatus#HIT} or {@link LookupStatus#STALE}
 * @param status where it came from, or why there is none
 * @param <V> what was looked up
 */
public record Found<V>(V value, LookupStatus status) {}
