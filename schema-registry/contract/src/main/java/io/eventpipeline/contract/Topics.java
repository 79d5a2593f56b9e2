package io.eventpipeline.contract;

/** Kafka topics by name. Part of the public contract: a topic is never renamed. */
public final class Topics {
  /** Every acknowledged event, byte for byte as the edge accepted it. */
  public static final String RAW = "cart-events-raw";

  /** Events that passed their schema, before enrichment; read committed. */
  public static final String VALIDATED = "cart-events-validated";

  /** Validated events with profile, store, session and features; read committed. */
  public static final String ENRICHED = "cart-events-enriched";

  /** Refused events: the value is the payload untouched, the headers say why. */
  public static final String DEAD_LETTERS = "cart-events-dlq";

  /** What an operator should be woken for. */
  public static final String ALERTS = "cart-events-alerts";

  private static final String ROUTE_PREFIX = "cart-events-route-";

  private Topics() {}

  /** The topic of the route {@code name}: enriched events for one downstream consumer. */
  public static String route(String name) {
    return ROUTE_PREFIX + name;
  }
}
