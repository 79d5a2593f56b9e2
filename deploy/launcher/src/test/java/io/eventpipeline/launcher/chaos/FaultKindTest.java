package io.eventpipeline.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultKindTest {

  @Test
  void readsActionsAndSingleKindsInAFixedOrder() {
    assertThat(FaultKind.parse("refuse-parts,kill-redis,half-open,kill-redis"))
        .hasToString(
            "[kill-redis, half-open-edge, half-open-kafka, half-open-clickhouse,"
                + " half-open-redis, half-open-postgres, half-open-registry, refuse-parts]");
  }

  @Test
  void hasNoNameTwice() {
    assertThat(FaultKind.all()).hasSize(40).doesNotHaveDuplicates();
    assertThat(FaultKind.all().stream().map(FaultKind::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kil", "kill-", "kill-flink", "", "kill,,pause", "KILL", "kill pause"})
  void namesWhatIsUnknownAndWhatWouldDo(String list) {
    assertThatThrownBy(() -> FaultKind.parse(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown fault '")
        .hasMessageContaining("kill (-edge, -kafka")
        .hasMessageContaining("refuse (-parts");
  }
}
