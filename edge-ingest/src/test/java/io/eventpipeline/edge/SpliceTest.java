package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.edge.event.ParsedEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class SpliceTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<LinkedHashMap<String, Object>> MEMBERS =
      new TypeReference<>() {};
  private static final WriteKey KEY = new WriteKey("store-1", "/shop/\"web\"\\ä", "test");
  private static final long RECEIVED_AT = 1_795_000_000_123L;

  private final EventParser parser = new EventParser();
  private final Splice splice = new Splice();

  @Test
  void addsInFrontAndKeepsEveryByte() {
    String sent = "\n{ \"type\" :\t\"a\",\"data\":{\"x\": 1.50 },\"id\":\"e-1\"  } ";

    OutgoingEvent event = record(sent);

    assertThat(new String(event.value(), UTF_8))
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"source\":\"/shop/\\\"web\\\"\\\\ä\",\"storeid\":\"store-1\","
                + "\"time\":\"2026-11-18T11:06:40.123Z\","
                + " \"type\" :\t\"a\",\"data\":{\"x\": 1.50 },\"id\":\"e-1\"  }");
    assertThat(new String(event.key(), UTF_8)).isEqualTo("store-1/e-1");
    assertThat(event.receivedAtMillis()).isEqualTo(RECEIVED_AT);
  }

  @Test
  void addsNothingToACompleteEvent() {
    String complete =
        "{\"data\":{},\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"s\",\"type\":\"t\","
            + "\"storeid\":\"store-1\",\"time\":\"2026-11-20T10:00:00Z\",\"cartid\":\"c\"}";

    OutgoingEvent event = record(complete);

    assertThat(new String(event.value(), UTF_8)).isEqualTo(complete);
    assertThat(new String(event.key(), UTF_8)).isEqualTo("store-1/c");
  }

  @Test
  void givesEachEventAnIdOfItsOwnThatRisesWithTime() {
    String sent = "{\"type\":\"a\",\"data\":{}}";
    String before = record(sent).id();
    for (int i = 0; i < 1_000; i++) {
      String id = record(sent).id();
      assertThat(id).isGreaterThan(before);
      before = id;
    }
  }

  /** Members by chance, as any JSON library writes them; the seed is the number of the run. */
  @RepeatedTest(200)
  void readsBackAsTheSameMembersPlusTheAddedOnes(RepetitionInfo run) {
    Map<String, Object> members = randomEvent(new Random(run.getCurrentRepetition()));
    byte[] sent = JSON.writeValueAsBytes(members);

    OutgoingEvent event = record(new String(sent, UTF_8));

    Map<String, Object> read = JSON.readValue(event.value(), MEMBERS);
    assertThat(read).containsAllEntriesOf(members);
    assertThat(read).containsEntry("specversion", "1.0").containsEntry("storeid", "store-1");
    assertThat(read).containsEntry("id", event.id()).containsKeys("source", "time");
    read.keySet().removeAll(members.keySet());
    assertThat(read.keySet()).isSubsetOf("specversion", "id", "source", "storeid", "time");
    byte[] tail = java.util.Arrays.copyOfRange(sent, 1, sent.length);
    assertThat(event.value()).endsWith(tail);
    byte[] value = event.value();
    assertThat(parser.parse(value, 0, value.length).absent()).isEmpty();
  }

  private static Map<String, Object> randomEvent(Random random) {
    Map<String, Object> members = new LinkedHashMap<>();
    String[] optional = {"id", "source", "userid", "sessionid", "cartid", "subject", "x1", "x2"};
    for (String name : optional) {
      if (random.nextBoolean()) {
        members.put(name, randomText(random));
      }
    }
    members.put("type", randomText(random));
    members.put("data", Map.of("any", randomValue(random, 0)));
    if (random.nextBoolean()) {
      members.put("time", "2026-11-20T10:00:00.5+01:00");
      members.put("specversion", "1.0");
    }
    return members;
  }

  private static Object randomValue(Random random, int depth) {
    return switch (random.nextInt(depth < 5 ? 6 : 4)) {
      case 0 -> randomText(random);
      case 1 -> random.nextInt();
      case 2 -> random.nextBoolean();
      case 3 -> random.nextDouble();
      case 4 ->
          random.ints(random.nextInt(4)).mapToObj(i -> randomValue(random, depth + 1)).toList();
      default -> {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(30); i > 0; i--) {
          object.put(randomText(random), randomValue(random, depth + 1));
        }
        yield object;
      }
    };
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      int kind = random.nextInt(4);
      text.appendCodePoint(
          kind == 0
              ? 0x1F600 + random.nextInt(50)
              : kind == 1 ? 0xA1 + random.nextInt(900) : ' ' + random.nextInt(94));
    }
    return text.toString();
  }

  private OutgoingEvent record(String sent) {
    byte[] bytes = sent.getBytes(UTF_8);
    ParsedEvent event = parser.parse(bytes, 0, bytes.length);
    assertThat(event.detail()).isNull();
    return splice.record(event, KEY, RECEIVED_AT);
  }
}
