package io.eventpipeline.schema;

import io.eventpipeline.schema.RegistryApi.Answer.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A registry in memory that counts what it is asked and can be switched off. */
final class FakeRegistry implements RegistryApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<ObjectNode> schemas = new CopyOnWriteArrayList<>();
  volatile boolean down;
  volatile Runnable beforeAnswer = () -> {};
  private volatile int pageSize = 100;

  FakeRegistry pagesOf(int size) {
    pageSize = size;
    return this;
  }

  ObjectNode register(String type, int version) {
    return register(type, version, "{\"type\":\"object\"}");
  }

  /** The entry, for a test to add to it. */
  ObjectNode register(String type, int version, String schema) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("id", schemas.size() + 1).put("type", type).put("version", version);
    entry.put("status", "published").set("schema", JSON.readTree(schema));
    schemas.add(entry);
    return entry;
  }

  @Override
  public Answer get(String path, String etag) throws IOException {
    asked.add(path);
    beforeAnswer.run();
    if (Thread.currentThread().isInterrupted()) { // as over HTTP
      throw new InterruptedIOException("interrupted while asking");
    }
    if (down) {
      throw new IOException("down");
    }
    if (path.startsWith("/schemas?")) {
      return list(path, etag);
    }
    String[] parts = path.split("/", -1);
    boolean typeKnown = false;
    ObjectNode answer = null;
    for (ObjectNode entry : schemas) {
      if (entry.path("type").asString().equals(parts[2])) {
        typeKnown = true;
        if (parts[3].equals("latest") || parts[3].equals(entry.path("version").asString())) {
          answer = entry;
        }
      }
    }
    if (answer != null) {
      return new Answer(Kind.FOUND, answer, "");
    }
    return new Answer(typeKnown ? Kind.UNKNOWN_VERSION : Kind.UNKNOWN_TYPE, null, "");
  }

  private Answer list(String path, String etag) {
    String tag = "\"" + schemas.hashCode() + "\"";
    if (tag.equals(etag)) {
      return new Answer(Kind.NOT_MODIFIED, null, tag);
    }
    int from = path.contains("after=") ? Integer.parseInt(path.replaceAll(".*after=", "")) : 0;
    List<ObjectNode> wanted =
        schemas.stream()
            .filter(
                entry ->
                    !path.contains("type=")
                        || path.contains("type=" + entry.path("type").asString() + "&"))
            .toList();
    int to = Math.min(wanted.size(), from + pageSize);
    ObjectNode body = JSON.createObjectNode();
    ArrayNode page = body.putArray("schemas");
    wanted.subList(from, to).forEach(page::add);
    if (to < wanted.size()) {
      body.put("next", Integer.toString(to));
    }
    return new Answer(Kind.FOUND, body, tag);
  }

  @Override
  public void close() {}
}
