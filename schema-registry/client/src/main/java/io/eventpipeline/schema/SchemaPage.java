package io.eventpipeline.schema;

import io.eventpipeline.schema.RegistryApi.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One page of the registry's list.
 *
 * @param schemas representations of versions; without drafts, which may still change and count as
 *     not there
 * @param next what to ask for {@code after} this page, {@code ""} when it is the last one
 */
record SchemaPage(List<JsonNode> schemas, String next) {

  /**
   * Reads an answer.
   *
   * @throws IOException when it is no list, or one that could go on for ever
   */
  static SchemaPage of(Answer answer) throws IOException {
    if (answer.kind() != Answer.Kind.FOUND || !answer.body().path("schemas").isArray()) {
      throw new IOException("the registry's list is not one: " + answer.kind());
    }
    String next = answer.body().path("next").asString("");
    if (!next.isEmpty() && answer.body().path("schemas").isEmpty()) {
      throw new IOException("the registry's list does not end");
    }
    List<JsonNode> schemas = new ArrayList<>();
    for (JsonNode body : answer.body().path("schemas")) {
      if (!isDraft(body)) {
        schemas.add(body);
      }
    }
    return new SchemaPage(schemas, next);
  }

  static boolean isDraft(JsonNode body) {
    return body.path("status").asString("").equals("draft");
  }
}
