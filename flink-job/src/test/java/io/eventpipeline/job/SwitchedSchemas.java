package io.eventpipeline.job;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * Version 1 of any type is known and takes any object. No registry answers for others, until the
 * test says so.
 */
final class SwitchedSchemas implements SchemaSource {
  private static final long serialVersionUID = 1L;
  private static final Map<String, SwitchedSchemas.State> STATES = new ConcurrentHashMap<>();
  private static final Lookup UNAVAILABLE =
      new Lookup(Lookup.Outcome.UNAVAILABLE, null, "the registry does not answer");

  private final String name;

  private static final class State {
    private final Map<Integer, CompletableFuture<Lookup>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger waited = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
  }

  /**
   * @param name unique in this process
   */
  SwitchedSchemas(String name) {
    this.name = name;
    STATES.put(name, new State());
    knows(1);
  }

  void knows(int version) {
    answers(version, new Lookup(Lookup.Outcome.FOUND, Reading.plain(schema(version)), ""));
  }

  void denies(int version) {
    answers(version, new Lookup(Lookup.Outcome.UNKNOWN_VERSION, null, "no such version"));
  }

  private void answers(int version, Lookup lookup) {
    STATES.get(name).answers.put(version, CompletableFuture.completedFuture(lookup));
  }

  /** It is asked, and its answer is on its way. */
  void ponders(int version) {
    STATES.get(name).answers.put(version, new CompletableFuture<>());
  }

  /** How often somebody was ready to wait for what is not in memory. */
  int waited() {
    return STATES.get(name).waited.get();
  }

  /** How often somebody looked for what is not in memory and went on. */
  int asked() {
    return STATES.get(name).asked.get();
  }

  @Override
  public Schemas open() {
    State state = STATES.get(name);
    return new Schemas() {
      @Override
      public Lookup find(String type, int version) {
        count(version, state.waited);
        return answer(version).getNow(UNAVAILABLE); // as after the timeout
      }

      @Override
      public CompletableFuture<Lookup> lookup(String type, int version) {
        count(version, state.asked);
        return answer(version);
      }

      private CompletableFuture<Lookup> answer(int version) {
        CompletableFuture<Lookup> answer = state.answers.get(version);
        return answer == null ? CompletableFuture.completedFuture(UNAVAILABLE) : answer;
      }

      private void count(int version, AtomicInteger calls) {
        if (version != 1) {
          calls.incrementAndGet();
        }
      }

      @Override
      public void close() {
        // holds nothing
      }
    };
  }

  private static CompiledSchema schema(int version) {
    try {
      return CompiledSchema.compile(
          version, "cart.viewed", version, JsonMapper.shared().readTree("{}"));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
