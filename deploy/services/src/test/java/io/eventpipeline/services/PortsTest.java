package io.eventpipeline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void freePortsNeverMeetAndAreBelowTheKernelsOwnRange() {
    var reservations = new ArrayList<Ports.Reservation>();
    try {
      for (int i = 0; i < 50; i++) {
        reservations.add(Ports.free().reserve(0));
      }
      var ports = new HashSet<>(reservations.stream().map(Ports.Reservation::port).toList());
      assertThat(ports).hasSize(50).allMatch(port -> port >= 20_000 && port < 32_000);
    } finally {
      reservations.forEach(Ports.Reservation::close);
    }
  }

  @Test
  void theOffsetIsAddedToTheDocumentedPort() {
    try (var reservation = Ports.offset(100).reserve(9092)) {
      assertThat(reservation.port()).isEqualTo(9192);
    }
  }

  @Test
  void offsetsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Ports.offset(-1)).hasMessageContaining("--port-offset");
    assertThatThrownBy(() -> Ports.offset(60_000).reserve(9092))
        .hasMessageContaining("moves port 9092 past 65535");
  }
}
