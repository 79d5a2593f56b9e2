package io.eventpipeline.compatibility.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.pattern.Language.Answer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {
  private static Language read(String regex) {
    return Language.of(regex, steps -> {}).orElseThrow();
  }

  private static Answer outside(String inner, String outer) {
    return Language.search(List.of(read(inner)), read(outer), 10_000, steps -> {}).answer();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^a$ ^a|b$",
        "^[a-c]+$ ^[a-z]*$",
        "^(ab)+$ ^a",
        "^(ab)+$ b$",
        "^[0-9]{3}$ ^\\d+$",
        "^a{2,4}$ ^a{1,5}$",
        "^\\w$ ^[0-9A-Za-z_]$",
        "abc b",
        "^$ ^a*$",
        "^x\\.y$ [.]",
        "^ab?$ ^a",
        "^(?:a|b)c$ ^[ab]c$",
        "^\\u0041$ ^A$",
        "^.$ ^[^\\n]$"
      })
  void findsContainment(String inner, String outer) {
    assertThat(outside(inner, outer)).isEqualTo(Answer.NONE);
    assertThat(outside(outer, inner)).isIn(Answer.NONE, Answer.SOME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"^a ^a$", "a ^a", "^[a-z]$ ^[a-y]$", "^a{1,5}$ ^a{2,4}$", "^\\s$ ^[\\u0020\\t]$"})
  void findsAStringThatIsOutside(String inner, String outer) {
    var found = Language.search(List.of(read(inner)), read(outer), 10_000, steps -> {});
    assertThat(found.answer()).isEqualTo(Answer.SOME);
    assertThat(Pattern.compile(outer).matcher(found.example()).find()).isFalse();
  }

  /** RE2 lets a dot match a carriage return, ECMA-262 does not. */
  @Test
  void doesNotSayWhereEnginesDisagree() {
    assertThat(read("^.$").matches("\r", steps -> {})).isEmpty();
    assertThat(read("^\\s$").matches("\u00a0", steps -> {})).isEmpty();
    assertThat(read("^[^\\s]$").matches("\u00a0", steps -> {})).isEmpty();
    assertThat(read("^.$").matches("\n", steps -> {})).contains(false);
    assertThat(outside("^.$", "^[^\\n\\r]$")).isEqualTo(Answer.SOME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?=a)",
        "(?<!a)b",
        "(a)\\1",
        "\\bword",
        "\\p{L}",
        "a++",
        "[[:alpha:]]",
        "[]",
        "(",
        "a{2000}",
        "((a{100}){100}){100}",
        "[z-a]",
        "*",
        "(?i)a",
        "\\cA",
        "a{,3}"
      })
  void leavesAloneWhatItCannotReadFaithfully(String regex) {
    assertThat(Language.of(regex, steps -> {})).isEmpty();
  }

  /** Against the engine of the JDK, on the alphabet where all engines agree. */
  @Test
  void matchesAsTheJdkDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 3_000; i++) {
      String regex = regex(random, 3);
      Optional<Language> language = Language.of(regex, steps -> {});
      if (language.isEmpty()) {
        continue;
      }
      read++;
      Pattern jdk = Pattern.compile(regex);
      for (int j = 0; j < 20; j++) {
        String text = text(random);
        assertThat(language.get().matches(text, steps -> {}))
            .as("seed %d: %s on '%s'", seed, regex, text)
            .contains(jdk.matcher(text).find());
      }
    }
    assertThat(read).isGreaterThan(2_000);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append("abc1 ".charAt(random.nextInt(5)));
    }
    return text.toString();
  }

  private static String regex(Random random, int depth) {
    if (depth == 0) {
      return List.of("a", "b", "c", ".", "\\d", "\\w", "[ab]", "[^a]", "^", "$", "\\s")
          .get(random.nextInt(11));
    }
    String part = regex(random, depth - 1);
    return switch (random.nextInt(7)) {
      case 0 -> part + regex(random, depth - 1);
      case 1 -> "(" + part + "|" + regex(random, depth - 1) + ")";
      case 2 -> "(" + part + ")*";
      case 3 -> "(?:" + part + "){1,2}";
      case 4 -> "(" + part + ")?";
      case 5 -> "^" + part + regex(random, depth - 1) + "$";
      default -> part;
    };
  }
}
