package io.eventpipeline.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static Options parse(String... args) {
    return Options.parse(
        "up", List.of(args), Set.of("--fresh"), Set.of("--data", "--events", "--within"));
  }

  @Test
  void readsFlagsValuesAndTheRest() {
    Options options = parse("a", "--data", "/d", "--fresh", "b", "--events=7", "--", "--c");

    assertThat(options.has("--fresh")).isTrue();
    assertThat(options.value("--data")).contains("/d");
    assertThat(options.number("--events", 1, 1, 10)).isEqualTo(7);
    assertThat(options.positionals()).containsExactly("a", "b", "--c");
  }

  @Test
  void fallsBackOnlyForWhatIsAbsent() {
    assertThat(parse().number("--events", 3, 1, 10)).isEqualTo(3);
    assertThat(parse().value("--data")).isEmpty();
    assertThat(parse().has("--fresh")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "x", "1e1"})
  void refusesANumberOutOfItsRange(String text) {
    assertThatThrownBy(() -> parse("--events", text).number("--events", 3, 1, 10))
        .isInstanceOf(UsageException.class)
        .hasMessage("--events must be a number in 1..10, was %s", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "3s", "PT0S", "-PT3S"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> parse("--within", text).duration("--within"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--within must be a duration such as PT3S, was %s", text);
    assertThat(parse("--within=PT0.5S").duration("--within")).contains(Duration.ofMillis(500));
    assertThat(parse().duration("--within")).isEmpty();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> parse("--fast"))
        .isInstanceOf(UsageException.class)
        .hasMessage("unknown option --fast for 'up'");
  }

  @Test
  void refusesMissingAndSuperfluousValues() {
    assertThatThrownBy(() -> parse("--data")).hasMessage("--data needs a value");
    assertThatThrownBy(() -> parse("--data=")).hasMessage("--data needs a value");
    assertThatThrownBy(() -> parse("--fresh=yes")).hasMessage("--fresh takes no value");
  }

  @Test
  void refusesAnOptionGivenTwice() {
    assertThatThrownBy(() -> parse("--fresh", "--fresh")).hasMessage("--fresh is given twice");
    assertThatThrownBy(() -> parse("--data", "a", "--data", "b"))
        .hasMessage("--data is given twice");
  }
}
