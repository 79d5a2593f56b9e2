package io.eventpipeline.schema;

import java.io.Serializable;
import java.time.Duration;

/**
 * The Redis in front of the registry.
 *
 * @param password never printed; {@code ""} for none
 * @param timeout for connecting and for each answer
 * @param ttl how long an entry outlives its last writing; every running client writes what it knows
 *     four times in that time, so this is how long a registry may be away
 */
public record SchemaCacheConfig(
    String host, int port, String password, Duration timeout, Duration ttl)
    implements Serializable {
  /** Longer than any outage that is repaired, short enough for what nobody uses. */
  private static final Duration TTL = Duration.ofDays(7);

  /** Refuses what could not work. */
  public SchemaCacheConfig {
    if (host.isBlank() || port <= 0 || port > 65_535) {
      throw new IllegalArgumentException("cache must be at host:port, was " + host + ":" + port);
    }
    if (timeout.toMillis() <= 0 || ttl.toSeconds() <= 0) {
      throw new IllegalArgumentException("cache timeout and ttl must be > 0");
    }
  }

  /** With the default of 7 days. */
  public static SchemaCacheConfig of(String host, int port, String password, Duration timeout) {
    return new SchemaCacheConfig(host, port, password, timeout, TTL);
  }

  @Override
  public String toString() {
    return "SchemaCacheConfig[" + host + ":" + port + ", password=***, ttl=" + ttl + "]";
  }
}
