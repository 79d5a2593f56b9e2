package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Ticker;
import io.eventpipeline.schema.RegistryApi.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.JsonNode;

/** Asks the registry, counts, and remembers when it last answered. Safe for use by many threads. */
final class CountedRegistry implements AutoCloseable {
  /** Schemas on one page of its list. */
  static final int PAGE = 100;

  private final RegistryApi api;
  private final OutageGate gate;
  private final Ticker ticker;
  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile long answeredAtNanos;

  CountedRegistry(RegistryApi api, OutageGate gate, Ticker ticker) {
    this.api = api;
    this.gate = gate;
    this.ticker = ticker;
    this.answeredAtNanos = ticker.read();
  }

  Answer get(String path, String etag) throws IOException {
    requests.increment();
    try {
      Answer answer = api.get(path, etag);
      gate.answered();
      answeredAtNanos = ticker.read();
      return answer;
    } catch (IOException e) {
      failures.increment();
      if (!(e instanceof RegistryApi.NotUnderstood)) {
        gate.failed(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  /** How all versions of a type follow from each other. */
  Lineage lineage(String type) throws IOException {
    List<JsonNode> versions = new ArrayList<>();
    String path = "/schemas?type=" + type + "&limit=" + PAGE;
    String after = "";
    do {
      SchemaPage page = SchemaPage.of(get(path + (after.isEmpty() ? "" : "&after=" + after), ""));
      versions.addAll(page.schemas());
      after = page.next();
    } while (!after.isEmpty());
    return Lineage.of(versions);
  }

  /** Since it last answered, or since the start. */
  long silentNanos() {
    return ticker.read() - answeredAtNanos;
  }

  long requests() {
    return requests.sum();
  }

  long failures() {
    return failures.sum();
  }

  @Override
  public void close() {
    api.close();
  }
}
