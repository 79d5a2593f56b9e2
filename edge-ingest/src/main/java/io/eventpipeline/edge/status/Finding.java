package io.eventpipeline.edge.status;

import io.vertx.core.json.JsonObject;

/**
 * How one component is.
 *
 * @param state ok, degraded or down
 * @param reason why it is not ok; empty when it is
 * @param details numbers of the component's own
 */
record Finding(State state, String reason, JsonObject details) {
  /** From best to worst. */
  enum State {
    OK("ok"),
    DEGRADED("degraded"),
    DOWN("down");

    private final String code;

    State(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  static Finding ok(JsonObject details) {
    return new Finding(State.OK, "", details);
  }

  static Finding degraded(String reason, JsonObject details) {
    return new Finding(State.DEGRADED, reason, details);
  }

  static Finding down(String reason) {
    return new Finding(State.DOWN, reason, new JsonObject());
  }

  JsonObject json() {
    JsonObject json = new JsonObject().put("state", state.code());
    if (!reason.isEmpty()) {
      json.put("reason", reason);
    }
    return json.mergeIn(details);
  }
}
