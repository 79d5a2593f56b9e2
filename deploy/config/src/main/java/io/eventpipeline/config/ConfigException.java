package io.eventpipeline.config;

import java.util.List;

/** A configuration that must not be started with; the message lists every problem at once. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(String source, List<String> problems) {
    super("configuration " + source + " is not usable:\n  - " + String.join("\n  - ", problems));
  }
}
