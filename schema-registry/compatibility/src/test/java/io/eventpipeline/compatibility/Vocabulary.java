package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The keywords of each draft, as the draft's own schema of schemas lists them. */
final class Vocabulary {
  /** Names, notes, and what is an annotation or has tests of its own ({@code format}). */
  private static final Set<String> SILENT =
      Set.of(
          "$schema",
          "$vocabulary",
          "$comment",
          "id",
          "$id",
          "$anchor",
          "$dynamicAnchor",
          "$recursiveAnchor",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "readOnly",
          "writeOnly",
          "contentMediaType",
          "contentEncoding",
          "format");

  private Vocabulary() {}

  /** Keywords that decide whether a value is accepted. */
  static Set<String> of(Dialect dialect) {
    Set<String> keywords = new TreeSet<>(Set.of("$ref")); // of draft 4, too, beside its schema
    for (String resource : resources(dialect)) {
      try (InputStream in = Vocabulary.class.getResourceAsStream(resource)) {
        keywords.addAll(Row.MAPPER.readTree(in).path("properties").propertyNames());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    keywords.removeAll(SILENT);
    return keywords;
  }

  static boolean isSilent(String keyword) {
    return SILENT.contains(keyword);
  }

  private static List<String> resources(Dialect dialect) {
    return switch (dialect) {
      case DRAFT_4 -> List.of("/draft-04/schema");
      case DRAFT_6 -> List.of("/draft-06/schema");
      case DRAFT_7 -> List.of("/draft-07/schema");
      case DRAFT_2019_09 ->
          List.of(
              "/draft/2019-09/meta/core",
              "/draft/2019-09/meta/applicator",
              "/draft/2019-09/meta/validation");
      case DRAFT_2020_12 ->
          List.of(
              "/draft/2020-12/meta/core",
              "/draft/2020-12/meta/applicator",
              "/draft/2020-12/meta/unevaluated",
              "/draft/2020-12/meta/validation");
    };
  }
}
