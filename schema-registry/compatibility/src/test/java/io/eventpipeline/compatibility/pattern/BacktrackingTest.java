package io.eventpipeline.compatibility.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.pattern.Backtracking.Danger;
import io.eventpipeline.compatibility.pattern.Backtracking.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BacktrackingTest {
  private static final int STEPS_MAX = 50_000;

  private static Optional<Danger> danger(String regex) {
    return new Backtracking(STEPS_MAX).danger(regex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+",
        "^(a+)+$",
        "([a-zA-Z]+)*",
        "(a|aa)+",
        "(a|a?)+",
        "(a|a)*$",
        "(a*)*",
        "^(a*)*$",
        "(x+x+)+y",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
        "^(([a-zA-Z0-9])+([._-]?))*$",
        "^\\d+(\\d+)*$|^(\\d+)*$",
        "^(?:[a-z0-9]+-?)+$",
        "^(\\w+\\s?)*$",
        "^(\\s*\\w+\\s*)*;$",
        "^([0-9]{1,3},?)+$",
        "^((25[0-5]|2[0-4]\\d|[01]?\\d?\\d)\\.)*$",
        "^(a{2,3})+$",
        "^(a{20,40})*$",
        "^(.|\\s)*$",
        "^(.|[\\r\\n])*$",
        "^(\\s|\\u00a0)+$",
        "^(\\p{L}|\\p{Lu})+$",
        "^(?:a|b|ab)*c$",
        "^(?<word>\\w+)+$",
        "^(a{0,60})*$",
        "(b(a*)?)*c",
        "((a?)*b)*c",
        "^\"(\\\\.|[^\"])*\"$",
        "(?:(?:a+)+b)+"
      })
  void refusesExponentialOnes(String regex) {
    assertThat(danger(regex)).as(regex).isPresent();
    assertThat(danger(regex).orElseThrow().kind()).as(regex).isEqualTo(Kind.EXPONENTIAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "(.*a){20} POLYNOMIAL",
        "(.*a){10} POLYNOMIAL",
        "^.*a.*b.*c.*d.*$ POLYNOMIAL",
        "^\\d*\\d*\\d*\\d*\\d*$ POLYNOMIAL",
        "^a{0,99}a{0,99}a{0,99}a{0,99}a{0,99}$ POLYNOMIAL",
        "^(a{0,9}){9}$ POLYNOMIAL",
        "^(a|aa){30}$ TOO_MANY_CHOICES",
        "^(a|a){16}$ TOO_MANY_CHOICES",
        "^(a?){25}a{25}$ TOO_COMPLEX",
        "^a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a{20}$ TOO_MANY_CHOICES",
        "^(((a?){9}){9}){2}$ TOO_COMPLEX",
        "(?i)abc UNREADABLE",
        "^[[:alpha:]]+$ UNREADABLE",
        "((a{30}){30}){30} TOO_COMPLEX"
      })
  void refusesWhatIsAsBad(String regex, Kind kind) {
    assertThat(danger(regex)).as(regex).isPresent();
    assertThat(danger(regex).orElseThrow().kind()).as(regex).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
        "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$",
        "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$",
        "^[a-z]+(-[a-z]+)*$",
        "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
        "^.*foo.*$",
        "^.*foo.*bar.*$",
        "^[A-Z]{2,4}-[0-9]{3,8}$",
        "^[A-Z]{3}$",
        "^[a-z][a-z0-9_]*$",
        "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$",
        "^((25[0-5]|2[0-4]\\d|[01]?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|[01]?\\d?\\d)$",
        "^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|:((:[0-9a-fA-F]{1,4}){1,7}|:))$",
        "^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$",
        "^([0-9A-Fa-f]{2}[:-]){5}([0-9A-Fa-f]{2})$",
        "^([0-9a-f]{32})+$",
        "^https?://[^\\s/$.?#].[^\\s]*$",
        "^\\S+(\\s+\\S+)*$",
        "^\"(\\\\.|[^\"\\\\])*\"$",
        "^([^,]*,)*[^,]*$",
        "([^,]*(,|$))*",
        "^\\+?[0-9 ()-]{7,20}$",
        "^[A-Za-z0-9+/]*={0,2}$",
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        "^\\p{Lu}\\p{Ll}+( \\p{Lu}\\p{Ll}+)*$",
        "^\\$\\{[a-z]+}$",
        "^#([0-9a-f]{3}|[0-9a-f]{6})$",
        "^(GET|POST|PUT|PATCH|DELETE)$",
        "^\\b(?<year>\\d{4})\\b",
        "^-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?$",
        "^.{1,1000}$",
        "^[a-z]{1,63}[a-z0-9]{1,63}$",
        "^(\\d+\\.)?(\\d+\\.)?(\\*|\\d+)$",
        "^[^\\n]*(\\n[^\\n]*)*$",
        "^(.|\\n)*$",
        "^P(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(\\d+H)?(\\d+M)?(\\d+S)?)?$"
      })
  void takesOrdinaryOnes(String regex) {
    assertThat(danger(regex)).as(regex).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^(a+)+$ ^(a)+$",
        "(a*)* (a?)*",
        "([a-zA-Z]+)* ([a-zA-Z])*",
        "^(a|aa)+$ ^(a)+$",
        "^(a|a?)+$ ^(a?)+$",
        "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*@x$ ^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]))*@x$",
        "^(?:[a-z0-9]+-?)+$ ^(?:[a-z0-9]-?)+$"
      })
  void offersTheSmallestRewrite(String regex, String rewrite) {
    assertThat(danger(regex).orElseThrow().rewrite()).contains(rewrite);
    assertThat(danger(rewrite)).isEmpty();
  }

  @Test
  void offersNothingThatMatchesOtherTexts() {
    assertThat(danger("^(x+x+)+y$").orElseThrow().rewrite()).isEmpty();
  }

  @Test
  void saysWhereAndOnWhichText() {
    assertThat(danger("^ab(c+)+$").orElseThrow().sentence())
        .isEqualTo(
            "exponential backtracking: (c+)+ at character 4 takes 'c' in more than one way, and"
                + " each further 'c' doubles the steps");
  }

  /** An upper bound of the work, which the time follows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "^([a-z]{1,63}\\.){1,8}$",
        "^(a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?u?v?w?x?y?z?){20}$",
        "^(([ab]{4}[bc]{4}){30}x?)*$",
        "^[a-z]{1000}$",
        "^([ab]?[bc]?[cd]?[de]?){200}$",
        "^(.*a){300}$"
      })
  void answersWithinItsAllowance(String regex) {
    Backtracking first = new Backtracking(STEPS_MAX);
    Optional<Danger> danger = first.danger(regex);
    assertThat(new Backtracking(10).danger(regex).orElseThrow().kind()).isEqualTo(Kind.TOO_COMPLEX);
    assertThat(first.danger(regex)).isEqualTo(danger);
  }

  @Test
  void sharesItsAllowanceBetweenExpressions() {
    Backtracking all = new Backtracking(2_000);
    int judged = 0;
    while (all.danger("^[a-z]+(-[a-z]+)*x{" + judged % 900 + "}$").isEmpty()) {
      judged++;
    }
    assertThat(judged).isBetween(5, 500);
    assertThat(all.danger("^a{1,3}$").orElseThrow().kind()).isEqualTo(Kind.TOO_COMPLEX);
  }
}
