package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TypeReadingsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<Integer> fetched = new ArrayList<>();

  @Test
  void fetchesOnlyTheSchemasThatAnEventMeets() throws Exception {
    List<JsonNode> versions = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      ObjectNode version = JSON.createObjectNode();
      version.put("type", "it.many").put("version", i).put("status", "published");
      version.put("upcasts_from", i - 1);
      if (i == 3) {
        version.put("migration", "{\"b\": a}");
      }
      versions.add(version);
    }
    TypeReadings readings = new TypeReadings("it.many", versions, this::fetch);

    assertThat(readings.of(150).orElseThrow().version()).isEqualTo(200);
    assertThat(fetched).containsExactly(150);
    Reading migrated = readings.of(1).orElseThrow();
    assertThat(migrated.version()).isEqualTo(200);
    assertThat(migrated.read(JSON.readTree("{\"a\":1}")).data()).hasToString("{\"b\":1}");
    assertThat(fetched).as("its own, and the one that it becomes").containsExactly(150, 1, 3);
    assertThat(readings.of(1).orElseThrow()).isSameAs(migrated);
    assertThat(readings.of(201)).isEmpty();
    assertThat(fetched).hasSize(3);
  }

  private JsonNode fetch(int version) {
    fetched.add(version);
    return JSON.readTree("{\"type\":\"object\"}");
  }
}
