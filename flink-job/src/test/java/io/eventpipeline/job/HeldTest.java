package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.junit.jupiter.api.Test;

class HeldTest {
  private static final int KEYS_MAX = 8_192;

  private final Keyed keyed = new Keyed();
  private final Held<Integer> held = new Held<>(keyed);

  @Test
  void readsAKeyOnceAndWritesItOnceForAllChanges() throws Exception {
    keyed.values.put("a", 1);

    assertThat(value("a")).isEqualTo(1);
    update("a", 2);
    update("a", 3);
    assertThat(value("a")).isEqualTo(3);
    assertThat(keyed.calls).containsExactly("read a");

    held.store(keyed);
    assertThat(keyed.calls).containsExactly("read a", "write a");
    assertThat(keyed.values).containsEntry("a", 3);
  }

  /** Writing would begin its time to live anew. */
  @Test
  void writesNothingThatWasOnlyRead() throws Exception {
    keyed.values.put("a", 1);
    value("a");
    value("b");

    held.store(keyed);

    assertThat(keyed.calls).containsExactly("read a", "read b");
  }

  @Test
  void writesEachValueUnderItsOwnKey() throws Exception {
    update("a", 1);
    update("b", 2);

    held.store(keyed);

    assertThat(keyed.values).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1, "b", 2));
  }

  /** State may have forgotten it meanwhile. */
  @Test
  void asksStateAgainOnceItIsStored() throws Exception {
    update("a", 1);
    held.store(keyed);
    keyed.values.clear();

    assertThat(value("a")).isNull();
    keyed.calls.clear();
    held.store(keyed);
    assertThat(keyed.calls).isEmpty();
  }

  @Test
  void holdsNoMoreKeysThanItMay() throws Exception {
    for (int i = 0; i < KEYS_MAX - 1; i++) {
      update("k-" + i, i);
    }
    held.storeWhenFull(keyed);
    assertThat(keyed.values).isEmpty();

    update("last", 0);
    held.storeWhenFull(keyed);

    assertThat(keyed.values).hasSize(KEYS_MAX);
  }

  private Integer value(String key) throws Exception {
    keyed.setCurrentKey(key);
    return held.value(key);
  }

  private void update(String key, int value) throws Exception {
    keyed.setCurrentKey(key);
    held.update(key, value);
  }

  /** State of each key. */
  private static final class Keyed implements ValueState<Integer>, KeyContext {
    private final Map<String, Integer> values = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private String key;

    @Override
    public Integer value() {
      calls.add("read " + key);
      return values.get(key);
    }

    @Override
    public void update(Integer value) {
      calls.add("write " + key);
      values.put(key, value);
    }

    @Override
    public void clear() {
      values.remove(key);
    }

    @Override
    public void setCurrentKey(Object current) {
      key = (String) current;
    }

    @Override
    public Object getCurrentKey() {
      return key;
    }
  }
}
