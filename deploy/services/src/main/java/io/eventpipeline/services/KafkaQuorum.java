package io.eventpipeline.services;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The brokers of one cluster, each a controller too; they are numbered from 1 in the order of
 * {@code nodes}. A record is acknowledged when all but one of them have it, so that three can do
 * without any one.
 *
 * @param clusterId 16 bytes in the base64 of URLs, the same for all
 */
record KafkaQuorum(String clusterId, List<Node> nodes) {
  /**
   * One broker's ports.
   *
   * @param relay a second listener for clients
   */
  record Node(Ports.Reservation clients, Ports.Reservation controller, Optional<KafkaRelay> relay) {
    List<Ports.Reservation> reservations() {
      return List.of(clients, controller);
    }
  }

  KafkaQuorum {
    nodes = List.copyOf(nodes);
  }

  /** The cluster whose data is in {@code directory}: the same place is the same cluster. */
  static KafkaQuorum of(Path directory, List<Node> nodes) {
    UUID uuid = UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8));
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits() & Long.MAX_VALUE) // never a leading dash
            .putLong(uuid.getLeastSignificantBits())
            .array();
    return new KafkaQuorum(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), nodes);
  }

  /** {@code kafka}, or {@code kafka-2} where there are several. */
  String name(int id) {
    return nodes.size() == 1 ? "kafka" : "kafka-" + id;
  }

  Node node(int id) {
    return nodes.get(id - 1);
  }

  String bootstrapServers() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.clients().port())
        .collect(Collectors.joining(","));
  }

  /** {@code controller.quorum.voters}. */
  String voters() {
    return IntStream.rangeClosed(1, nodes.size())
        .mapToObj(id -> id + "@127.0.0.1:" + node(id).controller().port())
        .collect(Collectors.joining(","));
  }

  int replicas() {
    return nodes.size();
  }

  /** {@code min.insync.replicas}: with all of them, the death of one would stop every producer. */
  int replicasInSyncMin() {
    return Math.max(1, nodes.size() - 1);
  }
}
