package io.eventpipeline.job;

/** Where an enrichment came from. {@link #code} is stored: never rename one. */
public enum LookupStatus {
  /** Fresh from the process's own cache, from Redis or from Postgres. */
  HIT("hit"),
  /** Older than its freshness, kept because no backend answered. */
  STALE("stale"),
  /** Every backend answered: there is no such key. */
  MISS("miss"),
  /** No backend answered: the event went on without it. */
  UNAVAILABLE("unavailable"),
  /** The event names no key to look up. */
  NONE("none");

  private final String code;

  LookupStatus(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
