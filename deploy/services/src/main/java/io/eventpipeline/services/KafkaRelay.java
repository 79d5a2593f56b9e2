package io.eventpipeline.services;

/**
 * A second listener of the broker for clients that come through something in between, such as a
 * fault proxy. A broker tells each client where to go next, so a way round must be advertised;
 * clients of the first listener, and the broker itself, stay on the direct way.
 *
 * @param port where the broker listens for what is in between
 * @param advertisedPort where clients of this listener are told to connect, on the loopback
 *     interface
 */
public record KafkaRelay(int port, int advertisedPort) {}
