package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TakenPortsTest {

  static Stream<Arguments> ports() {
    Map<String, ToIntFunction<StackPorts>> ports =
        Map.of(
            "edge", StackPorts::edge,
            "edge admin", StackPorts::edgeAdmin,
            "schema registry", StackPorts::registry,
            "Flink web UI", StackPorts::flink,
            "Kafka", StackPorts::kafka,
            "ClickHouse HTTP", StackPorts::clickhouse,
            "ClickHouse native", StackPorts::clickhouseNative,
            "Postgres", StackPorts::postgres,
            "Redis", StackPorts::redis);
    return ports.entrySet().stream().map(port -> Arguments.of(port.getKey(), port.getValue()));
  }

  @ParameterizedTest
  @MethodSource("ports")
  void namesThePortThatIsTakenAndTheOption(String component, ToIntFunction<StackPorts> port)
      throws IOException {
    StackPorts ports = StackPorts.free(RandomGenerator.getDefault());
    int taken = port.applyAsInt(ports);

    try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> TakenPorts.check(ports))
          .isInstanceOf(CommandException.class)
          .hasMessage(
              "port %d (%s) is taken: stop what listens there, or move all ports with"
                  + " --port-offset N (now %d)",
              other.getLocalPort(), component, ports.offset());
    }
  }

  @Test
  void seesAListenerOnAllInterfaces() throws IOException {
    StackPorts ports = StackPorts.free(RandomGenerator.getDefault());

    try (ServerSocket other = new ServerSocket(ports.redis())) {
      assertThatThrownBy(() -> TakenPorts.check(ports))
          .hasMessageContaining("port %d (Redis)".formatted(other.getLocalPort()));
    }
  }

  @Test
  void hasNothingToSayOfFreePorts() {
    StackPorts ports = StackPorts.free(RandomGenerator.getDefault());

    assertThatCode(() -> TakenPorts.check(ports)).doesNotThrowAnyException();
  }
}
