package io.eventpipeline.compatibility.schema;

import java.util.Arrays;
import java.util.Optional;

/** The drafts of JSON Schema that are understood, oldest first. */
public enum Dialect {
  DRAFT_4("http://json-schema.org/draft-04/schema"),
  DRAFT_6("http://json-schema.org/draft-06/schema"),
  DRAFT_7("http://json-schema.org/draft-07/schema"),
  DRAFT_2019_09("https://json-schema.org/draft/2019-09/schema"),
  DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema");

  private final String id;

  Dialect(String id) {
    this.id = id;
  }

  /** The dialect that {@code $schema} names, with or without an empty fragment. */
  public static Optional<Dialect> named(String uri) {
    String wanted = uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
    return Arrays.stream(values()).filter(d -> d.id.equals(wanted)).findFirst();
  }

  /** Whether this draft is {@code other} or newer. */
  public boolean since(Dialect other) {
    return compareTo(other) >= 0;
  }

  /** Up to draft 7 a {@code $ref} hides its neighbours. */
  boolean referenceStandsAlone() {
    return !since(DRAFT_2019_09);
  }

  /** The keyword that gives a schema its own address. */
  String idKeyword() {
    return this == DRAFT_4 ? "id" : "$id";
  }
}
