package io.eventpipeline.edge;

import java.util.Optional;

/** The write keys that are valid now. Answers from memory; safe for use by many threads. */
interface WriteKeys extends AutoCloseable {

  /** What the key stands for; null for an unknown or revoked one, or while none were read yet. */
  WriteKey find(Fingerprint fingerprint);

  /** Why keys cannot be checked; empty when they can, if need be against the last known ones. */
  Optional<String> unavailable();

  @Override
  void close();
}
