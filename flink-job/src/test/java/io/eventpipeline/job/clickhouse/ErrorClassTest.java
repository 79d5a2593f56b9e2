package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorClassTest {
  @ParameterizedTest
  @CsvSource({
    "252,RETRY",
    "241,RETRY",
    "243,RETRY",
    "242,RETRY",
    "159,RETRY",
    "319,RETRY",
    "394,RETRY",
    "117,DATA",
    "27,DATA",
    "469,DATA",
    "407,DATA",
    "32,RETRY",
    "33,RETRY",
    "561,RETRY",
    "218,RETRY",
    "16,STOP",
    "62,STOP",
    "497,STOP",
    "516,STOP",
    "60,RESTART",
    "81,RESTART",
    "49,RESTART",
    "-1,RESTART"
  })
  void isDecidedByTheCode(int code, ErrorClass expected) {
    assertThat(ErrorClass.ofCode(code)).isEqualTo(expected);
  }

  @Test
  void putsNoCodeIntoTwoClasses() {
    assertThat(ErrorClass.DATA_CODES.keySet())
        .doesNotContainAnyElementsOf(ErrorClass.RETRY_CODES.keySet())
        .doesNotContainAnyElementsOf(ErrorClass.STOP_CODES.keySet());
    assertThat(ErrorClass.STOP_CODES.keySet())
        .doesNotContainAnyElementsOf(ErrorClass.RETRY_CODES.keySet());
  }
}
