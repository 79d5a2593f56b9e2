package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the JDK and Jackson write, or read, is the truth. */
class JsonBytesTest {
  private static final long SEED = 42;
  private static final int ROUNDS = 20_000;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        9,
        10,
        -1,
        -10,
        99_999,
        100_000,
        1_234_567_890_123L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void writesNumbersAndDecimalsAsTheJdkDoes(long value) {
    assertThat(text(json().number(value))).isEqualTo(Long.toString(value));
    assertThat(text(json().decimal4(value))).isEqualTo(BigDecimal.valueOf(value, 4).toString());
  }

  @Test
  void writesRandomNumbersAndDecimalsAsTheJdkDoes() {
    for (int i = 0; i < ROUNDS; i++) {
      writesNumbersAndDecimalsAsTheJdkDoes(random.nextLong() >> random.nextInt(64));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "2024-02-29T12:00:00.500Z",
        "2026-11-20T10:00:00.123456Z",
        "2000-02-29T00:00:00.000001Z",
        "1900-03-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "+10000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59Z"
      })
  void writesTimesAsTheJdkDoes(String time) {
    Instant instant = Instant.parse(time);
    long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;

    assertThat(text(json().time(micros))).isEqualTo('"' + time + '"');
  }

  @Test
  void writesRandomTimesAsTheJdkDoes() {
    long year10000 = Instant.parse("+10000-01-01T00:00:00Z").getEpochSecond();
    for (int i = 0; i < ROUNDS; i++) {
      long second = random.nextLong(-year10000, year10000);
      long nanos = random.nextInt(1_000) * 1_000_000L + (i % 2) * 1_000L * random.nextInt(1_000);
      writesTimesAsTheJdkDoes(Instant.ofEpochSecond(second, nanos).toString());
    }
  }

  @Test
  void writesStringsThatReadBackAsTheyWere() {
    for (int i = 0; i < ROUNDS; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.appendCodePoint(codePoint());
      }

      assertThat(
              JsonMapper.shared().readValue(json().string(text.toString()).toBytes(), String.class))
          .isEqualTo(text.toString());
    }
  }

  @Test
  void replacesHalfASurrogatePair() {
    assertThat(text(json().string("a\uD83D"))).isEqualTo("\"a?\"");
    assertThat(text(json().string("\uDE00b"))).isEqualTo("\"?b\"");
  }

  /** Each length of UTF-8 and what must be escaped, all about as often. */
  private int codePoint() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(0x20);
      case 1 -> "\"\\/".charAt(random.nextInt(3));
      case 2 -> random.nextInt(0x20, 0x80);
      case 3 -> random.nextInt(0x80, 0x800);
      case 4 -> random.nextInt(0x800, Character.MIN_SURROGATE);
      default -> random.nextInt(0x10000, 0x110000);
    };
  }

  private static JsonBytes json() {
    return new JsonBytes(0); // so that every write has to grow it
  }

  private static String text(JsonBytes json) {
    return new String(json.toBytes(), StandardCharsets.UTF_8);
  }
}
