package io.eventpipeline.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** A cache in memory that counts what it is asked and can be switched off. */
final class FakeCache implements SchemaCache {
  final List<String> asked = new CopyOnWriteArrayList<>();
  final Map<String, JsonNode> entries = new ConcurrentHashMap<>();
  final Map<String, Integer> newest = new ConcurrentHashMap<>();
  volatile boolean down;
  volatile boolean lacks;

  @Override
  public JsonNode find(String type, int version) {
    asked.add(type + "/" + version);
    return down ? null : entries.get(type + "/" + version);
  }

  @Override
  public Map<String, Integer> newest() {
    return down ? Map.of() : new HashMap<>(newest);
  }

  @Override
  public boolean lacksEntries() {
    boolean now = lacks;
    lacks = false;
    return now && !down;
  }

  @Override
  public void keep(List<JsonNode> kept) {
    for (JsonNode entry : kept) {
      if (down) {
        lacks = true;
      } else {
        entries.put(entry.path("type").asString() + "/" + entry.path("version").asInt(), entry);
      }
    }
  }

  @Override
  public void keepNewest(Map<String, Integer> versions) {
    if (!down) {
      newest.putAll(versions);
    }
  }

  @Override
  public Stats stats() {
    return new Stats(0, 0, 0);
  }

  @Override
  public void close() {
    down = true;
  }
}
