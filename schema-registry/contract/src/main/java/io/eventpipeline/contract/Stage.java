package io.eventpipeline.contract;

/**
 * Where an event was refused. {@link #code} is stored and is the metric label: never rename one.
 */
public enum Stage {
  ACCEPT("accept"),
  DECODE("decode"),
  DEDUP("dedup"),
  VALIDATE("validate"),
  ENRICH("enrich"),
  ROUTE("route"),
  SINK("sink");

  private final String code;

  Stage(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
