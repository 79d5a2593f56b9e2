package io.eventpipeline.registry;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The body of a request as a JSON object; strict, for two readers must never see two things. */
public final class JsonBody {
  /**
   * Deeper than any accepted schema, so that the reason is the schema's depth and not the JSON's.
   */
  private static final int JSON_DEPTH_MAX = 200;

  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(JSON_DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private JsonBody() {}

  /** What was sent; empty when nothing was. */
  public static byte[] bytes(RoutingContext ctx) {
    return ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes();
  }

  /** Any JSON value; a {@link Problem} when it is none. */
  public static JsonNode parse(byte[] body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new Problem(Problem.Code.MALFORMED_JSON, e.getOriginalMessage());
    }
    if (tree.isMissingNode()) {
      throw new Problem(Problem.Code.MALFORMED_JSON, "The body is empty");
    }
    if (!TextRules.isUnicode(tree)) {
      // As the edge and the job have it: two such texts would be one when they are stored
      throw new Problem(
          Problem.Code.MALFORMED_JSON, "A string has half of a surrogate pair, which is no text");
    }
    return tree;
  }

  /** An object; a {@link Problem} when the body is none. */
  public static ObjectNode object(byte[] body) {
    if (parse(body) instanceof ObjectNode object) {
      return object;
    }
    throw new Problem(Problem.Code.INVALID_REQUEST, "The body must be a JSON object");
  }

  /** An object with these members only, an empty body counting as none of them. */
  static ObjectNode object(byte[] body, Set<String> members) {
    ObjectNode object = body.length == 0 ? JSON.createObjectNode() : object(body);
    for (String name : object.propertyNames()) {
      if (!members.contains(name)) {
        throw new Problem(Problem.Code.INVALID_REQUEST, "There is no member '" + name + "'");
      }
    }
    return object;
  }

  /** A text member of bounded length, {@code absent} when it is not there. */
  static String text(ObjectNode body, String name, String absent, int charsMax) {
    JsonNode value = body.path(name);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isString() || value.asString().length() > charsMax) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST,
          name + " must be a string of at most " + charsMax + " characters");
    }
    if (!TextRules.isStorable(value.asString())) {
      throw new Problem(Problem.Code.INVALID_REQUEST, name + " must not contain U+0000");
    }
    return value.asString();
  }
}
