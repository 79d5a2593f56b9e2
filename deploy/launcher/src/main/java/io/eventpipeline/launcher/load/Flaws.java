package io.eventpipeline.launcher.load;

import io.eventpipeline.contract.FailureReason;
import java.util.List;
import java.util.SplittableRandom;

/** What is wrong with some events on purpose, and what must be said of it. */
final class Flaws {
  private static final List<Flaw> BREAKS_SCHEMA =
      List.of(Flaw.UNDECLARED_MEMBER, Flaw.NOTHING, Flaw.NESTED_ATTRIBUTE, Flaw.NUMBERS_AS_TEXT);
  private static final int UNPUBLISHED_VERSION = 99;

  /** One kind of flaw; each fits every event type. */
  enum Flaw {
    NONE(null),
    /** A member that the schema does not name. */
    UNDECLARED_MEMBER(FailureReason.SCHEMA_VIOLATION),
    /** No member at all, not even the required ones. */
    NOTHING(FailureReason.SCHEMA_VIOLATION),
    /** The open place of every schema takes scalars only. */
    NESTED_ATTRIBUTE(FailureReason.SCHEMA_VIOLATION),
    NUMBERS_AS_TEXT(FailureReason.SCHEMA_VIOLATION),
    UNKNOWN_TYPE(FailureReason.UNKNOWN_TYPE),
    UNKNOWN_VERSION(FailureReason.UNKNOWN_VERSION);

    private final FailureReason reason;

    Flaw(FailureReason reason) {
      this.reason = reason;
    }

    /** Why an event with this flaw must be refused; null when it must be processed. */
    FailureReason reason() {
      return reason;
    }
  }

  private final SplittableRandom random;

  Flaws(SplittableRandom random) {
    this.random = random;
  }

  /** A flaw for one event: one that breaks the schema, an unknown name, or most often none. */
  Flaw draw(double breaksSchema, double unknown) {
    double dice = random.nextDouble();
    if (dice < breaksSchema) {
      return BREAKS_SCHEMA.get(random.nextInt(BREAKS_SCHEMA.size()));
    }
    if (dice < breaksSchema + unknown) {
      return random.nextBoolean() ? Flaw.UNKNOWN_TYPE : Flaw.UNKNOWN_VERSION;
    }
    return Flaw.NONE;
  }

  /** The type that an event with {@code flaw} names. */
  EventType type(Flaw flaw, EventType type) {
    return flaw == Flaw.UNKNOWN_TYPE ? EventType.UNREGISTERED : type;
  }

  /** Writes {@code dataschema} in one of the forms that the edge takes, or leaves it out. */
  void writeSchema(JsonLine out, Flaw flaw, EventType type, int visit) {
    if (flaw == Flaw.UNKNOWN_VERSION) {
      out.text("dataschema", "schema:" + type.code() + "/", UNPUBLISHED_VERSION);
    } else if (visit % 4 == 1) {
      out.text("dataschema", "https://schemas.example.org/" + type.code() + "/", 1);
    } else if (visit % 2 == 0) {
      out.text("dataschema", "schema:" + type.code() + "/", 1);
    }
  }

  /** Writes the member {@code data} of the visit's current event, with {@code flaw}. */
  void writeData(JsonLine out, Flaw flaw, Session visit) {
    out.name("data");
    out.beginObject();
    switch (flaw) {
      case NOTHING -> {}
      case UNDECLARED_MEMBER -> {
        visit.writeData(out);
        out.text("colour_of_socks", "red");
      }
      case NESTED_ATTRIBUTE -> {
        visit.writeData(out);
        out.name("attributes").beginObject().name("a").beginObject().endObject().endObject();
      }
      case NUMBERS_AS_TEXT -> {
        out.numbersAsText();
        visit.writeData(out);
      }
      case NONE, UNKNOWN_TYPE, UNKNOWN_VERSION -> visit.writeData(out);
    }
    out.endObject();
  }
}
