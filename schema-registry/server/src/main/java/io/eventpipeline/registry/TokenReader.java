package io.eventpipeline.registry;

import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.RegistryConfig.Token;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.node.ObjectNode;

/** Reads a token as strictly as everything else, but for {@code subjects}, which may be missing. */
final class TokenReader extends ValueDeserializer<Token> {
  private record Complete(String user, Secret secret, Rights rights, List<String> subjects) {}

  @Override
  public Token deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode tree = context.readTree(parser);
    if (tree instanceof ObjectNode object && !object.has("subjects")) {
      object.putArray("subjects").add("*");
    }
    Complete token = context.readTreeAsValue(tree, Complete.class);
    return new Token(token.user(), token.secret(), token.rights(), token.subjects());
  }
}
