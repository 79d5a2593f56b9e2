package io.eventpipeline.services;

/** One Redis with an append-only file, as the pipeline's cache: bounded, evicts the least used. */
public interface RedisServer extends Service {
  String host();

  /** {@code redis://host:port}. */
  String uri();
}
