package io.eventpipeline.compatibility;

import static io.eventpipeline.compatibility.Difference.Lenient.FORGIVES;
import static io.eventpipeline.compatibility.Difference.Lenient.REFUSES;
import static io.eventpipeline.compatibility.Direction.BACKWARD;
import static io.eventpipeline.compatibility.Direction.FORWARD;

/**
 * One way in which a new schema differs from an old one so that somebody cannot read something.
 *
 * <p>Each breaks one direction: a change that breaks both, such as string to integer, is two
 * differences. Names are stable: clients switch on them.
 */
public enum Difference {
  /** The new schema accepts nothing here. */
  SCHEMA_CLOSED(BACKWARD, REFUSES),
  SCHEMA_OPENED(FORWARD, REFUSES),

  TYPE_NARROWED(BACKWARD, REFUSES),
  TYPE_WIDENED(FORWARD, REFUSES),
  /** {@code enum} and {@code const}. */
  VALUE_REMOVED(BACKWARD, REFUSES),
  VALUE_ADDED(FORWARD, REFUSES),

  MINIMUM_RAISED(BACKWARD, REFUSES),
  MINIMUM_LOWERED(FORWARD, REFUSES),
  MAXIMUM_LOWERED(BACKWARD, REFUSES),
  MAXIMUM_RAISED(FORWARD, REFUSES),
  MULTIPLE_OF_TIGHTENED(BACKWARD, REFUSES),
  MULTIPLE_OF_RELAXED(FORWARD, REFUSES),

  MIN_LENGTH_RAISED(BACKWARD, REFUSES),
  MIN_LENGTH_LOWERED(FORWARD, REFUSES),
  MAX_LENGTH_LOWERED(BACKWARD, REFUSES),
  MAX_LENGTH_RAISED(FORWARD, REFUSES),
  PATTERN_TIGHTENED(BACKWARD, REFUSES),
  PATTERN_RELAXED(FORWARD, REFUSES),
  /** Only where formats are asserted, see {@link Limits#formatsAsserted}. */
  FORMAT_TIGHTENED(BACKWARD, REFUSES),
  FORMAT_RELAXED(FORWARD, REFUSES),

  MIN_ITEMS_RAISED(BACKWARD, REFUSES),
  MIN_ITEMS_LOWERED(FORWARD, REFUSES),
  MAX_ITEMS_LOWERED(BACKWARD, REFUSES),
  MAX_ITEMS_RAISED(FORWARD, REFUSES),
  UNIQUE_ITEMS_ADDED(BACKWARD, REFUSES),
  UNIQUE_ITEMS_REMOVED(FORWARD, REFUSES),
  CONTAINS_TIGHTENED(BACKWARD, REFUSES),
  CONTAINS_RELAXED(FORWARD, REFUSES),
  /** A place of a tuple got a schema where anything was allowed before. */
  ITEM_ADDED_TO_OPEN_CONTENT_MODEL(BACKWARD, REFUSES),
  ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL(FORWARD, REFUSES),
  /** A place of a tuple went away where nothing else is allowed. */
  ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL(BACKWARD, REFUSES),
  ITEM_ADDED_TO_CLOSED_CONTENT_MODEL(FORWARD, REFUSES),

  REQUIRED_PROPERTY_ADDED(BACKWARD, REFUSES),
  REQUIRED_PROPERTY_REMOVED(FORWARD, REFUSES),
  /** The reader's schema has a default; validators do not fill it in. */
  REQUIRED_PROPERTY_WITH_DEFAULT_ADDED(BACKWARD, FORGIVES),
  REQUIRED_PROPERTY_WITH_DEFAULT_REMOVED(FORWARD, FORGIVES),
  /** Old data may already have the property, with any value. */
  PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL(BACKWARD, FORGIVES),
  PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL(FORWARD, FORGIVES),
  /** Old data may already have the property, with what {@code additionalProperties} allowed. */
  PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL(BACKWARD, REFUSES),
  PROPERTY_REMOVED_FROM_PARTIALLY_OPEN_CONTENT_MODEL(FORWARD, REFUSES),
  /** Old data has a property that the new schema no longer allows. */
  PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL(BACKWARD, FORGIVES),
  PROPERTY_ADDED_TO_CLOSED_CONTENT_MODEL(FORWARD, FORGIVES),
  /** Old data has a property that the new {@code additionalProperties} does not cover. */
  PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL(BACKWARD, REFUSES),
  PROPERTY_ADDED_TO_PARTIALLY_OPEN_CONTENT_MODEL(FORWARD, REFUSES),
  /** {@code additionalProperties} from true to false. */
  OPEN_CONTENT_MODEL_CLOSED(BACKWARD, FORGIVES),
  CLOSED_CONTENT_MODEL_OPENED(FORWARD, FORGIVES),
  /** {@code additionalProperties} from true to a schema, or a new pattern of names. */
  OPEN_CONTENT_MODEL_RESTRICTED(BACKWARD, FORGIVES),
  PARTIALLY_OPEN_CONTENT_MODEL_OPENED(FORWARD, FORGIVES),
  /** {@code additionalProperties} from a schema to false: a map loses its entries. */
  PARTIALLY_OPEN_CONTENT_MODEL_CLOSED(BACKWARD, REFUSES),
  CLOSED_CONTENT_MODEL_PARTIALLY_OPENED(FORWARD, REFUSES),
  PROPERTY_NAMES_TIGHTENED(BACKWARD, REFUSES),
  PROPERTY_NAMES_RELAXED(FORWARD, REFUSES),
  MIN_PROPERTIES_RAISED(BACKWARD, REFUSES),
  MIN_PROPERTIES_LOWERED(FORWARD, REFUSES),
  MAX_PROPERTIES_LOWERED(BACKWARD, REFUSES),
  MAX_PROPERTIES_RAISED(FORWARD, REFUSES),
  DEPENDENCY_TIGHTENED(BACKWARD, REFUSES),
  DEPENDENCY_RELAXED(FORWARD, REFUSES),

  /** {@code anyOf} and {@code oneOf}: a value fits no alternative any more. */
  ALTERNATIVE_REMOVED(BACKWARD, REFUSES),
  ALTERNATIVE_ADDED(FORWARD, REFUSES),
  /** {@code oneOf}: a value fits more than one alternative. */
  ALTERNATIVES_OVERLAP_NOW(BACKWARD, REFUSES),
  ALTERNATIVES_OVERLAPPED(FORWARD, REFUSES),
  /** {@code not}: it excludes more. */
  EXCLUSION_WIDENED(BACKWARD, REFUSES),
  EXCLUSION_NARROWED(FORWARD, REFUSES),

  /** A pattern outside of regular languages, or too large to compare. */
  UNDECIDED_PATTERN,
  /** {@code anyOf}, {@code oneOf} or {@code not}: neither proof nor counterexample was found. */
  UNDECIDED_COMBINATOR,
  /** A keyword that is not reasoned about: {@code unevaluated*}, {@code $dynamicRef}. */
  UNDECIDED_KEYWORD,
  /** Numbers too far apart to calculate with. */
  UNDECIDED_NUMBER,
  /** A limit was reached, see {@link Limits}. */
  UNDECIDED_LIMIT;

  /** What {@link Policy#LENIENT} makes of it. */
  enum Lenient {
    FORGIVES,
    REFUSES
  }

  private final Direction breaks;
  private final Lenient lenient;

  Difference(Direction breaks, Lenient lenient) {
    this.breaks = breaks;
    this.lenient = lenient;
  }

  /** Undecided. */
  Difference() {
    this.breaks = null;
    this.lenient = REFUSES;
  }

  /** What this difference means for one direction under one policy. */
  public Verdict verdict(Direction direction, Policy policy) {
    if (breaks == null) {
      return Verdict.UNKNOWN;
    }
    boolean harmless = breaks != direction || (policy == Policy.LENIENT && lenient == FORGIVES);
    return harmless ? Verdict.COMPATIBLE : Verdict.INCOMPATIBLE;
  }
}
