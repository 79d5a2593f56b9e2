package io.eventpipeline.compatibility.schema;

import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads a schema of any draft into a graph of {@link SchemaNode}s. Keywords that a draft does not
 * have are annotations there, as the specification says.
 */
public final class SchemaReader {
  /** Longer chains of references and combinators cost a validator its stack. */
  private static final int CHAIN_MAX = 500;

  private final Addresses addresses;
  private final Map<String, Dialect> dialects = new HashMap<>();
  private final Map<Location, SchemaNode> read = new HashMap<>();
  private final Deque<Reference> references = new ArrayDeque<>();

  private record Reference(SchemaNode from, String to) {}

  private SchemaReader(int nodesMax, int depthMax) {
    addresses = new Addresses(nodesMax, depthMax);
  }

  /**
   * Reads one schema and what it refers to.
   *
   * @param schema an object or a boolean
   * @param named schemas that {@code $ref} may name, by that name; never changed
   * @param nodesMax most JSON values in all documents together
   * @param depthMax deepest nesting of a document
   * @throws UnusableSchemaException with the place and the reason
   */
  public static SchemaNode read(
      JsonNode schema, Map<String, JsonNode> named, int nodesMax, int depthMax)
      throws UnusableSchemaException {
    SchemaReader reader = new SchemaReader(nodesMax, depthMax);
    reader.add("", schema);
    for (Map.Entry<String, JsonNode> other : named.entrySet()) {
      reader.add(other.getKey(), other.getValue());
    }
    SchemaNode root = reader.node(schema, new Location("", ""));
    while (!reader.references.isEmpty()) {
      Reference reference = reader.references.poll();
      reader.link(reference);
    }
    Circles circles = new Circles(CHAIN_MAX);
    for (SchemaNode node : reader.read.values()) {
      circles.check(node);
    }
    return root;
  }

  private void add(String name, JsonNode document) throws UnusableSchemaException {
    Dialect dialect = Dialect.DRAFT_2020_12;
    JsonNode declared = document.path("$schema");
    if (declared.isString()) {
      Optional<Dialect> known = Dialect.named(declared.asString());
      dialect =
          known.orElseThrow(
              () ->
                  new UnusableSchemaException(
                      Reason.UNSUPPORTED_DIALECT,
                      new Location(name, "/$schema"),
                      "unknown $schema '" + declared.asString() + "'"));
    }
    dialects.put(name, dialect);
    addresses.add(name, document, dialect);
  }

  private void link(Reference reference) throws UnusableSchemaException {
    Location target = addresses.find(reference.to, reference.from.location());
    SchemaNode known = read.get(target);
    reference.from.pointTo(known != null ? known : node(addresses.at(target), target));
  }

  private SchemaNode node(JsonNode source, Location location) throws UnusableSchemaException {
    SchemaNode.Parts parts = new SchemaNode.Parts();
    String reference = null;
    if (source.isBoolean()) {
      parts.nothing = !source.asBoolean();
    } else if (source.isObject()) {
      Members members = new Members(source, location, dialects.get(location.document()));
      reference = members.text("$ref");
      if (reference == null || !members.dialect().referenceStandsAlone()) {
        Keywords keywords = new Keywords(members, this::node);
        keywords.into(parts);
        reference = dynamic(members, parts, reference);
      }
    } else {
      throw new UnusableSchemaException(
          Reason.MALFORMED, location, "a schema must be an object or a boolean");
    }
    SchemaNode node = new SchemaNode(location, source, parts);
    read.put(location, node);
    if (reference != null) {
      references.add(new Reference(node, reference));
    }
    return node;
  }

  /** A dynamic reference with only one possible target is an ordinary one. */
  private String dynamic(Members members, SchemaNode.Parts parts, String reference)
      throws UnusableSchemaException {
    String recursive =
        members.dialect() == Dialect.DRAFT_2019_09 ? members.text("$recursiveRef") : null;
    String dynamic =
        members.dialect() == Dialect.DRAFT_2020_12 ? members.text("$dynamicRef") : null;
    String other = recursive != null ? recursive : dynamic;
    if (other == null) {
      return reference;
    }
    boolean plain =
        recursive != null
            ? !addresses.hasRecursiveAnchor()
            : addresses.dynamicAnchors(other.substring(other.indexOf('#') + 1)) <= 1;
    if (plain && reference == null) {
      return other;
    }
    parts.opaque = new ArrayList<>(parts.opaque);
    parts.opaque.add(recursive != null ? "$recursiveRef" : "$dynamicRef");
    return reference;
  }

  /** Reads subschemas for {@link Keywords}. */
  @FunctionalInterface
  interface Subschemas {
    SchemaNode read(JsonNode source, Location location) throws UnusableSchemaException;

    /** Null when absent. */
    default SchemaNode one(Members members, String keyword) throws UnusableSchemaException {
      JsonNode source = members.get(keyword);
      return source == null ? null : read(source, members.location().child(keyword));
    }

    /** Null when absent. */
    default List<SchemaNode> list(Members members, String keyword) throws UnusableSchemaException {
      JsonNode source = members.get(keyword);
      if (source == null) {
        return null;
      }
      if (!source.isArray()) {
        throw members.malformed(keyword, "an array of schemas");
      }
      List<SchemaNode> nodes = new ArrayList<>(source.size());
      for (int i = 0; i < source.size(); i++) {
        Location at = members.location().child(keyword).child(Integer.toString(i));
        nodes.add(read(source.get(i), at));
      }
      return nodes;
    }

    /** Empty when absent. */
    default Map<String, SchemaNode> map(Members members, String keyword)
        throws UnusableSchemaException {
      JsonNode source = members.get(keyword);
      if (source == null) {
        return Map.of();
      }
      if (!source.isObject()) {
        throw members.malformed(keyword, "an object of schemas");
      }
      Map<String, SchemaNode> nodes = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : source.properties()) {
        Location at = members.location().child(keyword).child(member.getKey());
        nodes.put(member.getKey(), read(member.getValue(), at));
      }
      return nodes;
    }
  }

  /** The names in {@code type}, as a set of kinds. */
  static Set<JsonType> types(Members members) throws UnusableSchemaException {
    JsonNode value = members.get("type");
    if (value == null) {
      return null;
    }
    Set<String> names = value.isString() ? Set.of(value.asString()) : members.names(value, "type");
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    for (String name : names) {
      Optional<Set<JsonType>> kinds = JsonType.named(name);
      types.addAll(kinds.orElseThrow(() -> members.malformed("type", "names of JSON types")));
    }
    return types;
  }
}
