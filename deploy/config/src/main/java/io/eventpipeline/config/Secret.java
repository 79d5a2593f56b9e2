package io.eventpipeline.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.Serializable;

/** A password, token or key: prints as {@code ***}, so that it never reaches a log by accident. */
public record Secret(String value) implements Serializable {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Secret {
    Check.that(value != null, "a secret must not be null");
  }

  @Override
  public String toString() {
    return "***";
  }
}
