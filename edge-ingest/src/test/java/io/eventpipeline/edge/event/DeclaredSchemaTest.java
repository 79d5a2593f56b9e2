package io.eventpipeline.edge.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.eventpipeline.contract.FailureReason;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dataschema} against {@code type}, by the rules of the job's {@code Envelope}. */
class DeclaredSchemaTest {
  private final EventParser parser = new EventParser();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema:cart.viewed/1",
        "schema:cart.viewed/65535",
        "schema:shop/cart.viewed/2",
        "https://x.example/a/cart.viewed/00007",
        "urn:/cart.viewed/3"
      })
  void takesAVersionOfItsTypeWhicheverComesFirst(String uri) {
    assertThat(parse(typeFirst(uri)).detail()).isNull();
    assertThat(parse(schemaFirst(uri)).detail()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema:cart.viewed",
        "schema:cart.viewed/",
        "schema:cart.viewed/0",
        "schema:cart.viewed/00000",
        "schema:cart.viewed/65536",
        "schema:cart.viewed/100000",
        "schema:cart.viewed/000001",
        "schema:cart.viewed/-1",
        "schema:cart.viewed/1.0",
        "schema:cart.viewed/v1",
        "schema:cart.viewed/1/",
        "schema:cart.viewed/\u0661",
        "schema:cart.viewedx/1",
        "schema:xcart.viewed/1",
        "schema:Cart.viewed/1",
        "schema:order.completed/1",
        "SCHEMA:cart.viewed/1",
        "https://x.example/order.completed/1",
        "https://x.example/xcart.viewed/1",
        "https://x.example/cart.viewed/1#",
        "https:cart.viewed/1",
        "x:/1",
        "x:1"
      })
  void refusesASchemaOfNoVersionOfItsTypeWhicheverComesFirst(String uri) {
    for (String json : List.of(typeFirst(uri), schemaFirst(uri))) {
      assertThat(parse(json).refusal()).isEqualTo(FailureReason.INVALID_ATTRIBUTE);
      assertThat(parse(json).detail()).contains("schema:cart.viewed/<version>");
    }
    assertThat(parse(schemaFirst(uri)).id()).isEqualTo("e-1");
    // Nothing of one event is held against the next
    assertThat(parse("{\"type\":\"cart.viewed\",\"data\":{}}").detail()).isNull();
  }

  @Test
  void readsTypeAndSchemaWithoutAllocation() {
    String schema = "https://schemas.example.org/" + "p/".repeat(200) + "cart.viewed/1";
    String declared = typeFirst(schema);
    String other = declared.replace("dataschema", "dataschemb");

    assertThat(allocated(declared)).isCloseTo(allocated(other), within(100L));
  }

  /** Bytes that one reading allocates, when the parser is warm. */
  private long allocated(String json) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] bytes = json.getBytes(UTF_8);
    int rounds = 2_000;
    long before = 0;
    int accepted = 0;
    for (int i = -rounds; i < rounds; i++) {
      if (i == 0) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      accepted += parser.parse(bytes, 0, bytes.length).isAccepted() ? 1 : 0;
    }
    long after = threads.getCurrentThreadAllocatedBytes();
    assertThat(accepted).isEqualTo(2 * rounds);
    return (after - before) / rounds;
  }

  private ParsedEvent parse(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return parser.parse(bytes, 0, bytes.length);
  }

  private static String typeFirst(String uri) {
    return "{\"type\":\"cart.viewed\",\"id\":\"e-1\",\"data\":{},\"dataschema\":\"" + uri + "\"}";
  }

  private static String schemaFirst(String uri) {
    return "{\"dataschema\":\"" + uri + "\",\"id\":\"e-1\",\"type\":\"cart.viewed\",\"data\":{}}";
  }
}
