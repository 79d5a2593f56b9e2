package io.eventpipeline.launcher.stack;

import com.fasterxml.jackson.annotation.JsonProperty;

/** State of one component; the lower-case name is what {@code status} prints. */
public enum ComponentState {
  /** Being started for the first time. */
  @JsonProperty("starting")
  STARTING,
  /** It answers its own protocol. */
  @JsonProperty("ready")
  READY,
  /** It runs but does not answer. */
  @JsonProperty("unhealthy")
  UNHEALTHY,
  /** It died and is being started again, or waits for that. */
  @JsonProperty("restarting")
  RESTARTING,
  @JsonProperty("stopping")
  STOPPING,
  /** It does not run. */
  @JsonProperty("down")
  DOWN;

  /** As printed: lower case. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
