package io.eventpipeline.compatibility.schema;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/**
 * One schema or subschema. Compared by identity: two equal fragments at two places are two nodes.
 * Immutable once the document is read; references make a graph of it, possibly with cycles.
 */
public final class SchemaNode {
  private static final Location NOWHERE = new Location("", "");

  private final Location location;
  private final JsonNode source;
  private final Dialect dialect;
  private final Set<JsonType> types;
  private final List<JsonNode> values;
  private final NumberRules numbers;
  private final StringRules strings;
  private final ArrayRules arrays;
  private final ObjectRules objects;
  private final Combinators combined;
  private final List<String> opaque;
  private final boolean nothing;
  private SchemaNode target;

  /** The parts of a node; those not given say nothing. */
  static final class Parts {
    Dialect dialect;
    Set<JsonType> types;
    List<JsonNode> values;
    NumberRules numbers = NumberRules.NONE;
    StringRules strings = StringRules.NONE;
    ArrayRules arrays = ArrayRules.NONE;
    ObjectRules objects = ObjectRules.NONE;
    Combinators combined = Combinators.NONE;
    List<String> opaque = List.of();
    boolean nothing;
  }

  SchemaNode(Location location, JsonNode source, Parts parts) {
    this.location = location;
    this.source = source;
    this.dialect = parts.dialect;
    this.types = parts.types == null ? null : Collections.unmodifiableSet(parts.types);
    this.values = parts.values == null ? null : List.copyOf(parts.values);
    this.numbers = parts.numbers;
    this.strings = parts.strings;
    this.arrays = parts.arrays;
    this.objects = parts.objects;
    this.combined = parts.combined;
    this.opaque = List.copyOf(parts.opaque);
    this.nothing = parts.nothing;
  }

  /** A schema that is in no document: it asks for one of some kinds of values. */
  public static SchemaNode ofTypes(Set<JsonType> types) {
    Parts parts = new Parts();
    parts.types = EnumSet.copyOf(types);
    return new SchemaNode(NOWHERE, MissingNode.getInstance(), parts);
  }

  /** A schema that is in no document: it asks for an object that has a property. */
  public static SchemaNode withProperty(String name) {
    Parts parts = new Parts();
    parts.types = EnumSet.of(JsonType.OBJECT);
    parts.objects =
        new ObjectRules(
            ObjectRules.NONE.properties(),
            ObjectRules.NONE.patterns(),
            null,
            null,
            Set.of(name),
            0,
            Long.MAX_VALUE,
            ObjectRules.NONE.dependentRequired(),
            ObjectRules.NONE.dependentSchemas());
    return new SchemaNode(NOWHERE, MissingNode.getInstance(), parts);
  }

  /** A schema that is in no document: at least one of {@code options} holds. */
  public static SchemaNode anyOf(List<SchemaNode> options) {
    Parts parts = new Parts();
    parts.combined = new Combinators(List.of(), List.copyOf(options), null, null, null, null, null);
    return new SchemaNode(NOWHERE, MissingNode.getInstance(), parts);
  }

  /** A schema that is in no document: strings that match, and everything that is no string. */
  public static SchemaNode ofPattern(String pattern) {
    Parts parts = new Parts();
    parts.strings = new StringRules(0, Long.MAX_VALUE, pattern, null);
    return new SchemaNode(NOWHERE, MissingNode.getInstance(), parts);
  }

  /** A schema that is in no document: one string and no other. */
  public static SchemaNode ofText(String text) {
    Parts parts = new Parts();
    parts.values = List.of(StringNode.valueOf(text));
    return new SchemaNode(NOWHERE, MissingNode.getInstance(), parts);
  }

  /** A schema that is in no document and accepts everything. */
  public static SchemaNode anything() {
    return new SchemaNode(NOWHERE, MissingNode.getInstance(), new Parts());
  }

  void pointTo(SchemaNode referenced) {
    target = Objects.requireNonNull(referenced);
  }

  /** Accepts every value: {@code true}, {@code {}}, or annotations only. */
  public boolean isAnything() {
    return !nothing && target == null && only(types == null && values == null);
  }

  private boolean only(boolean plain) {
    return plain
        && numbers.equals(NumberRules.NONE)
        && strings.equals(StringRules.NONE)
        && arrays.equals(ArrayRules.NONE)
        && objects.equals(ObjectRules.NONE)
        && combined.equals(Combinators.NONE)
        && opaque.isEmpty();
  }

  /** Accepts no value: {@code false}. */
  public boolean isNothing() {
    return nothing;
  }

  /** The only thing it says is {@code type}. */
  public boolean isTypesOnly() {
    return types != null && target == null && only(values == null);
  }

  /** The only thing it says is {@code not}, {@code anyOf} or another combinator. */
  public boolean isCombinatorsOnly() {
    return !nothing
        && target == null
        && types == null
        && values == null
        && numbers.equals(NumberRules.NONE)
        && strings.equals(StringRules.NONE)
        && arrays.equals(ArrayRules.NONE)
        && objects.equals(ObjectRules.NONE)
        && opaque.isEmpty();
  }

  /** The only thing it says is a reference. */
  public boolean isReferenceOnly() {
    return target != null && only(types == null && values == null);
  }

  public Location location() {
    return location;
  }

  /** As it stands in the document; a missing node when it is in none. */
  public JsonNode source() {
    return source;
  }

  /** Whose keywords it was read with; null without keywords. */
  public Dialect dialect() {
    return dialect;
  }

  /** Null for all. */
  public Set<JsonType> types() {
    return types;
  }

  /** {@code enum} and {@code const}, null for none. */
  public List<JsonNode> values() {
    return values;
  }

  public NumberRules numbers() {
    return numbers;
  }

  public StringRules strings() {
    return strings;
  }

  public ArrayRules arrays() {
    return arrays;
  }

  public ObjectRules objects() {
    return objects;
  }

  public Combinators combined() {
    return combined;
  }

  /** Where {@code $ref} leads, null for none. */
  public SchemaNode target() {
    return target;
  }

  /** Keywords of this node that are not reasoned about. */
  public List<String> opaque() {
    return opaque;
  }

  @Override
  public String toString() {
    return location + " " + source;
  }
}
