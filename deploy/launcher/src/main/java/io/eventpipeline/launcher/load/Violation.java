package io.eventpipeline.launcher.load;

/** A way in which a run can fail to reconcile. */
public enum Violation {
  UNACKNOWLEDGED("not acknowledged", "the edge never accepted it"),
  REFUSED("refused by edge", "well-formed, and still refused by the edge"),
  LOST("lost", "acknowledged, and in neither events_processed nor events_errors"),
  DOUBLED("doubled", "more than one row, FINAL not helping"),
  HIDDEN("hidden", "physical rows that FINAL hides"),
  MISJUDGED("misjudged", "processed or refused against expectation, or for another reason"),
  PHANTOM("phantom", "there, but never sent"),
  ALTERED("altered", "other bytes than were sent"),
  ARRIVALS("arrivals", "events_raw has fewer than acknowledgements or more than tries"),
  VALIDATED("validated", "cart-events-validated differs from events_processed"),
  ENRICHED("enriched", "cart-events-enriched differs from events_processed"),
  DEAD_LETTERS("dead letters", "cart-events-dlq differs from events_errors");

  private final String label;
  private final String meaning;

  Violation(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** For tables. */
  public String label() {
    return label;
  }

  /** For people. */
  public String meaning() {
    return meaning;
  }
}
