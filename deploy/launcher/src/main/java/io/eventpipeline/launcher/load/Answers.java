package io.eventpipeline.launcher.load;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * What the edge says to one request or frame: one answer for each event, or a message that belongs
 * to no event.
 *
 * @param kind {@code type} or {@code code} of a message without results, else {@code ""}
 * @param perEvent in the order the edge gave them
 */
record Answers(String kind, List<Answer> perEvent) {
  private static final JsonFactory JSON = JsonFactory.builder().build();

  /**
   * The fate of one event.
   *
   * @param index its place in the request, from 0
   * @param id under which the edge took it; {@code ""} when the answer names none
   * @param status {@code accepted}, {@code invalid} or {@code retry}
   * @param reason code of a refusal, or {@code ""}
   */
  record Answer(int index, String id, String status, String reason) {
    boolean isAccepted() {
      return status.equals("accepted");
    }

    boolean isRetry() {
      return status.equals("retry");
    }
  }

  /**
   * Reads an answer: an object with {@code results}, or one that is itself the single result.
   *
   * @throws JacksonException when {@code json} is not an object of that form
   */
  static Answers parse(byte[] json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return parse(parser);
    }
  }

  private static Answers parse(JsonParser parser) {
    List<Answer> answers = new ArrayList<>();
    String id = "";
    String status = "";
    String kind = "";
    String reason = "";
    expect(parser, parser.nextToken() == JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("results") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          answers.add(answer(parser, answers.size()));
        }
        continue;
      }
      if (value != JsonToken.VALUE_STRING) {
        parser.skipChildren();
        continue;
      }
      switch (name) {
        case "id" -> id = parser.getString();
        case "status" -> status = parser.getString();
        case "type", "code" -> kind = parser.getString();
        case "reason" -> reason = parser.getString();
        default -> {}
      }
    }
    if (answers.isEmpty() && !status.isEmpty()) {
      answers.add(new Answer(0, id, status, reason));
    }
    return new Answers(answers.isEmpty() ? kind : "", answers);
  }

  private static Answer answer(JsonParser parser, int position) {
    int index = position;
    String id = "";
    String status = "";
    String reason = "";
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
        index = parser.getIntValue();
      } else if (value == JsonToken.VALUE_STRING) {
        switch (name) {
          case "id" -> id = parser.getString();
          case "status" -> status = parser.getString();
          case "reason" -> reason = parser.getString();
          default -> {}
        }
      } else {
        parser.skipChildren();
      }
    }
    return new Answer(index, id, status, reason);
  }

  private static void expect(JsonParser parser, boolean expected) {
    if (!expected) {
      throw new StreamReadException(parser, "not an object of results");
    }
  }
}
