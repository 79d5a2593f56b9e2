package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class CanonicalJsonTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{\"b\":1,\"a\":[true,null]} | { \"a\" : [ true , null ], \"b\":1 }",
        "{\"minimum\":1} | {\"minimum\":1.0}",
        "{\"minimum\":100} | {\"minimum\":1e2}",
        "{\"minimum\":0.1} | {\"minimum\":0.10}",
        "{\"title\":\"ä\"} | {\"title\":\"\\u00e4\"}",
        "{\"a\":{\"c\":1,\"b\":2}} | {\"a\":{\"b\":2,\"c\":1}}"
      })
  void isOneTextForAllSpellings(String one, String other) {
    assertThat(sha256(one)).isEqualTo(sha256(other)).matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{\"minimum\":1} | {\"minimum\":\"1\"}",
        "{\"a\":[1,2]} | {\"a\":[2,1]}",
        "{\"a\":null} | {}",
        "{\"minimum\":1} | {\"minimum\":1.0000000000000000000001}",
        "{\"a\":\"b\",\"c\":\"d\"} | {\"a\":\"b\\\",\\\"c\\\":\\\"d\"}"
      })
  void tellsDifferentValuesApart(String one, String other) {
    assertThat(sha256(one)).isNotEqualTo(sha256(other));
  }

  @Test
  void doesNotUnfoldHugeExponents() {
    assertThat(CanonicalJson.of(JSON.readTree("1e999999999"))).hasSizeLessThan(20);
  }

  private static String sha256(String json) {
    return CanonicalJson.sha256(JSON.readTree(json));
  }
}
