package io.eventpipeline.registry;

/** A request that is answered with an error, in whichever dialect. No defect: no stack trace. */
public abstract class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected Refusal(String detail) {
    super(detail, null, false, false);
  }
}
