package io.eventpipeline.compatibility.schema;

import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Every address that a {@code $ref} can name: the documents given, their {@code $id}s and anchors.
 * There are no others: nothing is fetched, from nowhere.
 */
final class Addresses {
  private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");

  private final Map<String, JsonNode> documents = new HashMap<>();
  private final Map<String, Location> byUri = new HashMap<>();
  private final Map<Location, String> bases = new HashMap<>();
  private final Map<String, Location> anchors = new HashMap<>();
  private final Map<String, Integer> dynamicAnchors = new HashMap<>();
  private final int nodesMax;
  private final int depthMax;
  private int nodes;
  private boolean recursiveAnchor;

  Addresses(int nodesMax, int depthMax) {
    this.nodesMax = nodesMax;
    this.depthMax = depthMax;
  }

  void add(String name, JsonNode document, Dialect dialect) throws UnusableSchemaException {
    documents.put(name, document);
    Location root = new Location(name, "");
    byUri.putIfAbsent(name, root);
    walk(document, root, root, dialect, 0);
  }

  JsonNode document(String name) {
    return documents.get(name);
  }

  private void walk(JsonNode node, Location at, Location resource, Dialect dialect, int depth)
      throws UnusableSchemaException {
    if (++nodes > nodesMax) {
      throw new UnusableSchemaException(Reason.TOO_LARGE, at, "more than " + nodesMax + " nodes");
    }
    if (depth > depthMax) {
      throw new UnusableSchemaException(Reason.TOO_LARGE, at, "deeper than " + depthMax);
    }
    if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
      throw new UnusableSchemaException(
          Reason.MALFORMED, at, "a number beyond what the parser of the document kept");
    }
    Location own = resource;
    if (node.isObject() && !isData(at)) {
      requireDraft(node, at, dialect);
      own = name(node, at, resource, dialect);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      walk(node.get(i), at.child(Integer.toString(i)), own, dialect, depth + 1);
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      walk(member.getValue(), at.child(member.getKey()), own, dialect, depth + 1);
    }
  }

  /** A part of another draft would be read by its own rules, by validators that know of it. */
  private static void requireDraft(JsonNode node, Location at, Dialect dialect)
      throws UnusableSchemaException {
    JsonNode declared = node.path("$schema");
    if (declared.isString()
        && Dialect.named(declared.asString()).filter(dialect::equals).isEmpty()) {
      throw new UnusableSchemaException(
          Reason.UNSUPPORTED_DIALECT,
          at.child("$schema"),
          "'" + declared.asString() + "' inside of a schema of another draft");
    }
  }

  private static boolean isData(Location at) {
    for (String step : at.pointer().split("/", -1)) {
      if (DATA.contains(step)) {
        return true;
      }
    }
    return false;
  }

  private Location name(JsonNode node, Location at, Location resource, Dialect dialect) {
    Location own = resource;
    JsonNode id = node.get(dialect.idKeyword());
    boolean hidden = dialect.referenceStandsAlone() && node.path("$ref").isString();
    if (id != null && id.isString() && !hidden) {
      String text = id.asString();
      if (text.startsWith("#")) {
        anchors.putIfAbsent(resource + " " + text.substring(1), at); // drafts 4 to 7
      } else {
        String uri = withoutEmptyFragment(resolve(base(at), text));
        bases.put(at, uri);
        byUri.putIfAbsent(uri, at);
        own = at;
      }
    }
    for (String keyword : new String[] {"$anchor", "$dynamicAnchor"}) {
      if (node.path(keyword).isString()) {
        anchors.putIfAbsent(own + " " + node.get(keyword).asString(), at);
      }
    }
    if (node.path("$dynamicAnchor").isString()) {
      dynamicAnchors.merge(node.get("$dynamicAnchor").asString(), 1, Integer::sum);
    }
    recursiveAnchor |= node.path("$recursiveAnchor").asBoolean(false);
    return own;
  }

  /** Whether {@code $recursiveRef} could mean something else than {@code $ref}. */
  boolean hasRecursiveAnchor() {
    return recursiveAnchor;
  }

  /** How many schemas could be meant by a {@code $dynamicRef} to this name. */
  int dynamicAnchors(String name) {
    return dynamicAnchors.getOrDefault(name, 0);
  }

  /** Where a reference leads. */
  Location find(String reference, Location from) throws UnusableSchemaException {
    int hash = reference.indexOf('#');
    String address = hash < 0 ? reference : reference.substring(0, hash);
    String written = hash < 0 ? "" : reference.substring(hash + 1);
    String fragment = decoded(written);
    Location root = address.isEmpty() ? resource(from) : root(address, from);
    if (root == null) {
      throw unresolved(reference, from, "names no schema that was given");
    }
    if (fragment.isEmpty()) {
      return root;
    }
    Location target =
        fragment.startsWith("/") ? below(root, fragment) : anchors.get(root + " " + fragment);
    boolean encoded = !written.equals(fragment) && written.startsWith("/");
    if (encoded && (written.contains("+") || at(below(root, written)) != null)) {
      // Decoded, says RFC 6901; some validators look for it as it is written first, and take + for
      // a space
      throw unresolved(reference, from, "can be read in two ways");
    }
    if (target == null || at(target) == null) {
      throw unresolved(reference, from, "leads nowhere in the document");
    }
    return target;
  }

  private static Location below(Location root, String pointer) {
    return new Location(root.document(), root.pointer() + pointer);
  }

  /** The JSON at a location, null when there is none. */
  JsonNode at(Location location) {
    JsonNode found = documents.get(location.document()).at(JsonPointer.compile(location.pointer()));
    return found.isMissingNode() ? null : found;
  }

  private static UnusableSchemaException unresolved(String reference, Location from, String why) {
    return new UnusableSchemaException(
        Reason.UNRESOLVED_REFERENCE,
        from.child("$ref"),
        "'" + reference + "' " + why + "; nothing is ever fetched");
  }

  private Location root(String address, Location from) {
    Location byAddress = byUri.get(withoutEmptyFragment(resolve(base(from), address)));
    return byAddress != null ? byAddress : byUri.get(address);
  }

  /** The innermost schema with an address of its own around a location. */
  private Location resource(Location location) {
    for (Location at = location; ; at = parent(at)) {
      if (at.pointer().isEmpty() || bases.containsKey(at)) {
        return at;
      }
    }
  }

  private String base(Location location) {
    return bases.getOrDefault(resource(location), location.document());
  }

  private static Location parent(Location at) {
    return new Location(at.document(), at.pointer().substring(0, at.pointer().lastIndexOf('/')));
  }

  private static String resolve(String base, String address) {
    try {
      return new URI(base).resolve(new URI(address)).toString();
    } catch (URISyntaxException e) {
      return address; // the name of a registered schema need not be a URI
    }
  }

  private static String withoutEmptyFragment(String uri) {
    return uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
  }

  private static String decoded(String fragment) {
    try {
      return fragment.contains("%")
          ? URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8)
          : fragment;
    } catch (IllegalArgumentException e) {
      return fragment;
    }
  }
}
