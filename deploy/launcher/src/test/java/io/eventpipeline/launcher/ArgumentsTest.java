package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.launcher.cli.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  @Test
  void takesThePortOffsetBeforeOrAfterTheCommand() {
    Arguments expected = new Arguments("up", 100, List.of("--fresh"));

    assertThat(Arguments.parse(List.of("--port-offset", "100", "up", "--fresh")))
        .isEqualTo(expected);
    assertThat(Arguments.parse(List.of("up", "--port-offset", "100", "--fresh")))
        .isEqualTo(expected);
    assertThat(Arguments.parse(List.of("up", "--fresh", "--port-offset=100"))).isEqualTo(expected);
  }

  @Test
  void leavesWhatFollowsTheDoubleDashAlone() {
    assertThat(Arguments.parse(List.of("sql", "--", "--port-offset")))
        .isEqualTo(new Arguments("sql", 0, List.of("--", "--port-offset")));
  }

  @Test
  void printsHelpWithoutACommand() {
    assertThat(Arguments.parse(List.of()).command()).isEqualTo("help");
    assertThat(Arguments.parse(List.of("--help")).command()).isEqualTo("help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "56439", "many", "", "1.5", "99999999999"})
  void refusesAnOffsetThatIsNoUsableNumber(String offset) {
    assertThatThrownBy(() -> Arguments.parse(List.of("up", "--port-offset", offset)))
        .isInstanceOf(UsageException.class)
        .hasMessage("--port-offset must be a number in 0..56438, was %s", offset);
  }

  @Test
  void refusesAnOffsetWithoutValueOrGivenTwice() {
    assertThatThrownBy(() -> Arguments.parse(List.of("up", "--port-offset")))
        .hasMessage("--port-offset needs a value");
    assertThatThrownBy(
            () -> Arguments.parse(List.of("--port-offset", "1", "up", "--port-offset=1")))
        .hasMessage("--port-offset is given twice");
  }

  @Test
  void refusesAnOptionInPlaceOfTheCommand() {
    assertThatThrownBy(() -> Arguments.parse(List.of("--fresh", "up")))
        .hasMessage("unknown option --fresh; try 'deploy/local help'");
  }
}
