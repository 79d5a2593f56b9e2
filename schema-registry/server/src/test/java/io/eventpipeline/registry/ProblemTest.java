package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.Problem.Code;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05", "22001"})
  void blamesTheRequestForAValueThatTheDatabaseDoesNotTake(String state) {
    assertThat(Code.of(new SQLException("x", state))).isEqualTo(Code.INVALID_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "55P03", "2"})
  void blamesTheStoreForEverythingElse(String state) {
    assertThat(Code.of(new SQLException("x", state))).isEqualTo(Code.STORE_UNAVAILABLE);
  }

  @Test
  void blamesTheStoreForAFailureWithoutAState() {
    assertThat(Code.of(new SQLException("x"))).isEqualTo(Code.STORE_UNAVAILABLE);
  }
}
