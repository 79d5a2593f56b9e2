package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpcastTest {
  private static final String START =
      "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"s\",\"type\":\"cart.viewed\",\"storeid\":\"store-1\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          ,"data":{"a":1}}                                       | ,"data":{"b":2}}
          ,"dataschema":"schema:cart.viewed/1","data":{"a":1}}   | ,"dataschema":"schema:cart.viewed/3","data":{"b":2}}
          ,"data" : {"a":1} ,"dataschema": "x:/cart.viewed/1" }  | ,"data" : {"b":2} ,"dataschema": "schema:cart.viewed/3" }
          ,"more":"é\\"😀","dataschema":"x:\\/cart.viewed/1","data":{"a":1}} | ,"more":"é\\"😀","dataschema":"schema:cart.viewed/3","data":{"b":2}}
          ,"data":{"dataschema":"schema:cart.viewed/1"},"dataschema":null} | ,"data":{"b":2},"dataschema":"schema:cart.viewed/3"}
          """)
  void changesDataAndItsSchemaInTheEnvelopeAndNoOtherByte(String before, String after) {
    Event event = TestEvents.event(START + before).withSchemaVersion(3);

    byte[] envelope = new Upcast(1, TestEvents.bytes("{\"b\":2}")).envelope(event);

    assertThat(new String(envelope, StandardCharsets.UTF_8)).isEqualTo(START + after);
  }

  @Test
  void leavesWhatItDidNotChangeAsItIs() {
    Event event = TestEvents.event(START + ",\"data\":{}}");

    assertThat(Upcast.none(1).envelope(event)).isSameAs(event.payload());
  }
}
