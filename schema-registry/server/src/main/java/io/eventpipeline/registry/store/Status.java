package io.eventpipeline.registry.store;

/** Where a version stands. Only forward, from top to bottom. */
public enum Status {
  /** May still change; no event may name it. */
  DRAFT("draft"),
  /** Open to producers; never changes again. */
  PUBLISHED("published"),
  /** Still valid for those who use it, and never again the newest. */
  DEPRECATED("deprecated"),
  /** Listed no more; still there for the data that was written with it. */
  WITHDRAWN("withdrawn");

  private final String code;

  Status(String code) {
    this.code = code;
  }

  /** Stored and shown: never rename one. */
  public String code() {
    return code;
  }

  /** The status of this code; {@code IllegalArgumentException} when there is none. */
  public static Status of(String code) {
    for (Status status : values()) {
      if (status.code.equals(code)) {
        return status;
      }
    }
    throw new IllegalArgumentException("no status " + code);
  }

  /** Published and not withdrawn. */
  boolean live() {
    return this == PUBLISHED || this == DEPRECATED;
  }

  /** Whether a version of this status can be given that one. A draft was never in use. */
  boolean mayBecome(Status next) {
    return compareTo(next) < 0 && !(this == DRAFT && next == DEPRECATED);
  }
}
