package io.eventpipeline.schema;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;

/**
 * How to reach the registry and how long to believe what it said. Serializable, so that it travels
 * with a Flink operator; the {@link SchemaClient} itself is made in {@code open()}.
 *
 * @param url such as {@code http://registry:8085}, without a path
 * @param token sent as {@code Bearer}; never printed
 * @param requestTimeout longest wait for one answer, connection and body included
 * @param refresh how often new schemas and newest versions are asked for; with it a new version is
 *     in use after at most {@code refresh} + {@code requestTimeout}
 * @param negativeTtl how long "there is no such schema" is believed without a word from the
 *     registry; as long as it answers, a change of its list ends the belief
 * @param outageTtl how long the registry is left alone after it did not answer, so that a miss does
 *     not cost every event a timeout
 * @param schemasMax most compiled schemas kept, least recently used first out
 */
public record SchemaClientConfig(
    String url,
    String token,
    Duration requestTimeout,
    Duration refresh,
    Duration negativeTtl,
    Duration outageTtl,
    int schemasMax)
    implements Serializable {

  /** Refuses what could not work, with the component's name. */
  public SchemaClientConfig {
    URI uri = URI.create(url);
    check(
        ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
            && uri.getHost() != null,
        "url must be http://host:port, was " + url);
    check(!token.isBlank(), "token must not be blank");
    check(isPositive(requestTimeout), "requestTimeout must be > 0, was " + requestTimeout);
    check(isPositive(refresh), "refresh must be > 0, was " + refresh);
    check(isPositive(negativeTtl), "negativeTtl must be > 0, was " + negativeTtl);
    check(isPositive(outageTtl), "outageTtl must be > 0, was " + outageTtl);
    check(schemasMax > 0, "schemasMax must be > 0, was " + schemasMax);
    url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /**
   * The defaults: 2 s for an answer, a look for news every 5 s, "no such schema" for 30 s without
   * one (six looks that failed), 1 s of peace for a registry that is down, 1000 schemas (about 50
   * KB each, so 50 MB at most).
   */
  public static SchemaClientConfig of(String url, String token) {
    return new SchemaClientConfig(
        url,
        token,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1),
        1_000);
  }

  private static boolean isPositive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "SchemaClientConfig[url=" + url + ", token=***, refresh=" + refresh + "]";
  }
}
