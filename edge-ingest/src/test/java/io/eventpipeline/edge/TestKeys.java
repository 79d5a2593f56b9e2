package io.eventpipeline.edge;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Write keys from memory. */
final class TestKeys implements WriteKeys {
  static final String KEY = "dev-write-key";
  static final WriteKey STORE_1 = new WriteKey("store-1", "/shop/web", "test");

  private final Map<Fingerprint, WriteKey> keys = new ConcurrentHashMap<>();

  TestKeys() {
    put(KEY, STORE_1);
  }

  void put(String key, WriteKey meaning) {
    keys.put(Fingerprint.of(key), meaning);
  }

  void revoke(String key) {
    keys.remove(Fingerprint.of(key));
  }

  @Override
  public WriteKey find(Fingerprint fingerprint) {
    return keys.get(fingerprint);
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public void close() {
    keys.clear();
  }
}
