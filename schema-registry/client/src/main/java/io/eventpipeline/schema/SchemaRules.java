package io.eventpipeline.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import io.eventpipeline.schema.SchemaRejectedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** What a document must hold before it is compiled: size, depth, references, dialect, grammar. */
final class SchemaRules {
  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  private static final List<Dialect> DIALECTS =
      List.of(
          Dialects.getDraft202012(),
          Dialects.getDraft201909(),
          Dialects.getDraft7(),
          Dialects.getDraft6(),
          Dialects.getDraft4());

  /** Meta schemas come with the library, on the class path; nothing else can be loaded. */
  private static final SchemaRegistry META =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final Map<String, Schema> META_SCHEMAS = new ConcurrentHashMap<>();

  private int references;

  private SchemaRules() {}

  /**
   * Checks everything that needs no compilation.
   *
   * @return the dialect; 2020-12 when the schema names none
   */
  static Dialect check(JsonNode schema) throws SchemaRejectedException {
    if (!schema.isObject()) {
      throw new SchemaRejectedException(Reason.INVALID, "a schema must be a JSON object");
    }
    SchemaRules rules = new SchemaRules();
    rules.walk(schema, "", 1);
    int bytes = schema.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > SchemaLimits.BYTES_MAX) {
      throw new SchemaRejectedException(
          Reason.TOO_LARGE, bytes + " bytes; the limit is " + SchemaLimits.BYTES_MAX);
    }
    long steps = ValidationCost.of(schema);
    if (steps == ValidationCost.ENDLESS) {
      throw new SchemaRejectedException(Reason.INVALID, "references form a cycle without an end");
    }
    if (steps > ValidationCost.STEPS_MAX) {
      throw new SchemaRejectedException(
          Reason.TOO_COSTLY,
          "references and combinators unfold to "
              + steps
              + " steps for one value; the limit is "
              + ValidationCost.STEPS_MAX);
    }
    Dialect dialect = dialect(schema.path("$schema"), "");
    checkGrammar(schema, dialect);
    return dialect;
  }

  private void walk(JsonNode node, String pointer, int depth) throws SchemaRejectedException {
    if (!node.isContainer()) {
      return;
    }
    if (depth > SchemaLimits.DEPTH_MAX) {
      throw new SchemaRejectedException(
          Reason.TOO_DEEP, "nested deeper than " + SchemaLimits.DEPTH_MAX + " at " + pointer);
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), pointer + "/" + i, depth + 1);
      }
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String at = pointer + "/" + member.getKey();
      if (member.getValue().isString()) {
        if (REFERENCES.contains(member.getKey())) {
          reference(member.getValue().asString(), at);
        } else if (member.getKey().equals("$schema")) {
          dialect(member.getValue(), at);
        }
      }
      walk(member.getValue(), at, depth + 1);
    }
  }

  /**
   * Also inside const, enum and examples, where it is data: a strange schema, and safe to refuse.
   */
  private void reference(String target, String at) throws SchemaRejectedException {
    if (!target.startsWith("#")) {
      throw new SchemaRejectedException(
          Reason.REMOTE_REFERENCE,
          "'" + target + "' at " + at + " leaves the document; nothing is ever fetched");
    }
    if (++references > SchemaLimits.REFERENCES_MAX) {
      throw new SchemaRejectedException(
          Reason.TOO_MANY_REFERENCES, "more than " + SchemaLimits.REFERENCES_MAX + " references");
    }
  }

  private static Dialect dialect(JsonNode name, String at) throws SchemaRejectedException {
    if (name.isMissingNode()) {
      return DIALECTS.get(0);
    }
    String wanted = withoutEmptyFragment(name.asString(""));
    Optional<Dialect> known =
        DIALECTS.stream().filter(d -> withoutEmptyFragment(d.getId()).equals(wanted)).findFirst();
    return known.orElseThrow(
        () ->
            new SchemaRejectedException(
                Reason.UNSUPPORTED_DIALECT,
                "$schema '" + wanted + "'" + at + " is none of " + dialectIds()));
  }

  private static String withoutEmptyFragment(String iri) {
    return iri.endsWith("#") ? iri.substring(0, iri.length() - 1) : iri;
  }

  private static List<String> dialectIds() {
    return DIALECTS.stream().map(Dialect::getId).toList();
  }

  private static void checkGrammar(JsonNode schema, Dialect dialect)
      throws SchemaRejectedException {
    Schema meta =
        META_SCHEMAS.computeIfAbsent(dialect.getId(), id -> META.getSchema(SchemaLocation.of(id)));
    List<Error> errors = meta.validate(schema);
    if (!errors.isEmpty()) {
      Error first = errors.get(0);
      throw new SchemaRejectedException(
          Reason.INVALID,
          "not a schema of "
              + dialect.getId()
              + ": "
              + Violations.of(first)
              + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : ""));
    }
  }
}
