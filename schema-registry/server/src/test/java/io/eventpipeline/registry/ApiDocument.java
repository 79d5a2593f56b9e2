package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaRejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code openapi.json} promises, to hold routes and answers against. */
final class ApiDocument {
  static final ApiDocument INSTANCE = new ApiDocument();

  private static final String VENDOR = "application/vnd.schemaregistry.v1+json";
  private static final String REFERENCE = "#/components/schemas/";

  /** No event type has such a name: what is below is the dialect's. */
  private static final Pattern DIALECT_ONLY = Pattern.compile("/schemas/(ids|guids|types)(/.*)?");

  private final JsonNode root;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<JsonNode, CompiledSchema> shapes = new ConcurrentHashMap<>();

  /**
   * One method of one path.
   *
   * @param path with its parameters in braces
   */
  record Operation(String method, String path, JsonNode json) {
    /** Parameters of a kind: {@code path}, {@code query}, {@code header}. */
    List<String> parameters(String in) {
      return json.path("parameters")
          .valueStream()
          .filter(parameter -> parameter.path("in").asString().equals(in))
          .map(parameter -> parameter.path("name").asString())
          .toList();
    }

    boolean takesBody() {
      return json.has("requestBody");
    }

    /** Whether it is answered without a token. */
    boolean isPublic() {
      return json.has("security") && json.path("security").isEmpty();
    }

    /** Of a whole family of addresses: {@code path} stands for several parts. */
    boolean isOpenEnded() {
      return path.endsWith("/{path}");
    }

    private boolean matches(String address) {
      String each = path.replaceAll("\\{path\\}$", ".+").replaceAll("\\{[a-z]+\\}", "[^/]+");
      return address.matches(each);
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private ApiDocument() {
    try (InputStream in = RegistryServer.class.getResourceAsStream("openapi.json")) {
      root = JsonBody.JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    root.path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, json) ->
                        operations.add(
                            new Operation(method.toUpperCase(Locale.ROOT), path, json))));
    // A name in the path comes before a parameter in its place
    operations.sort(Comparator.comparingLong(o -> o.path().chars().filter(c -> c == '{').count()));
  }

  JsonNode root() {
    return root;
  }

  List<Operation> operations() {
    return operations;
  }

  /**
   * Holds an answer against what is promised: its status, its media type, the shape of its body,
   * and the parameters that led to it.
   */
  void check(HttpRequest request, HttpResponse<String> answer) {
    String address = request.uri().getRawPath();
    Operation operation =
        operations.stream()
            .filter(o -> o.matches(address) && o.method().equals(request.method()))
            .findFirst()
            .orElse(null);
    String what = request.method() + " " + request.uri() + ": " + answer.statusCode();
    if (operation == null) {
      assertThat(answer.statusCode()).as("%s, which is not documented", what).isIn(401, 404, 405);
      return;
    }
    if (DIALECT_ONLY.matcher(address).matches() && operation.path().contains("{type}")) {
      return;
    }
    JsonNode promised = operation.json().path("responses").path("" + answer.statusCode());
    assertThat(promised.isObject()).as("%s is documented", what).isTrue();
    if (promised.has("$ref")) {
      promised = root.at(promised.path("$ref").asString().substring(1));
    }
    if (answer.statusCode() < 300 && !operation.isOpenEnded()) {
      assertThat(operation.parameters("query")).as(what).containsAll(query(request));
    }
    checkBody(promised.path("content"), answer, what);
  }

  private void checkBody(JsonNode content, HttpResponse<String> answer, String what) {
    if (content.isEmpty()) {
      assertThat(answer.body()).as("%s has no body", what).isEmpty();
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0].strip();
    JsonNode media =
        content.has(type) || !content.has(VENDOR) ? content.path(type) : dialect(content, type);
    assertThat(media.isObject()).as("%s, %s is documented", what, type).isTrue();
    if (type.endsWith("json")) {
      assertThat(shape(media.path("schema")).validate(JsonBody.JSON.readTree(answer.body())))
          .as("%s %s", what, answer.body())
          .isEmpty();
    }
  }

  /** The dialect has three names for its one shape. */
  private static JsonNode dialect(JsonNode content, String type) {
    boolean name = Set.of("application/json", "application/vnd.schemaregistry+json").contains(type);
    return content.path(name ? VENDOR : type);
  }

  private static List<String> query(HttpRequest request) {
    String query = request.uri().getRawQuery();
    return query == null
        ? List.of()
        : Stream.of(query.split("&")).map(pair -> pair.split("=", 2)[0]).toList();
  }

  /** A schema of the document, compiled with all that it refers to. */
  CompiledSchema shape(JsonNode schema) {
    return shapes.computeIfAbsent(
        schema,
        wanted -> {
          ObjectNode whole = JsonBody.JSON.createObjectNode();
          whole.putArray("allOf").add(wanted);
          ObjectNode shapes = whole.putObject("components").putObject("schemas");
          include(wanted, shapes);
          try {
            return CompiledSchema.compile(0, "answer", 1, whole);
          } catch (SchemaRejectedException e) {
            throw new AssertionError("a shape is no schema: " + wanted, e);
          }
        });
  }

  private void include(JsonNode node, ObjectNode shapes) {
    String reference = node.path("$ref").asString("");
    if (reference.startsWith(REFERENCE)) {
      String name = reference.substring(REFERENCE.length());
      if (!shapes.has(name)) {
        JsonNode shape = root.at(reference.substring(1));
        shapes.set(name, shape);
        include(shape, shapes);
      }
    }
    node.forEach(inner -> include(inner, shapes));
  }
}
