package io.eventpipeline.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.dashjoin.jsonata.Jsonata;
import io.eventpipeline.schema.migration.Migration.Result;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Expressions that would stop a task, if they could. */
class HostileExpressionsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** On a busy machine; the bound itself is on processor time. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @ParameterizedTest
  @ValueSource(
      strings = {
        // for ever
        "($f := function($x){$f($x + 1)}; $f(1))",
        "($f := function($x){1 + $f($x)}; $f(1))",
        "($f := function($x){[$x, $f($x)]}; $f(1))",
        "($f := function(){$map([1..10], $f)}; $f())",
        "($y := function($f){$f($f)}; $y($y))",
        // large
        "[1..10000000]",
        "{\"a\": $map([1..10000000], function($i){$i})}",
        "$sum([1..9999999])",
        "[1..9999999].(a)",
        "[1..2000].([1..2000].([1..2000]))",
        "$reduce([1..60], function($s){$s & $s}, \"0123456789\")",
        "($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $f(\"ab\", 60))",
        "($f := function($s, $n){$n = 0 ? $s : $f($append($s, $s), $n - 1)}; $f([1, 2], 60))",
        "($f := function($s, $n){$n = 0 ? $s : $f({\"a\": $s, \"b\": $s}, $n - 1)}; $f({}, 40))",
        "($f := function($s, $n){$n = 0 ? $s : $f([[$s], [$s]], $n - 1)}; $string($f([1], 40)))",
        "($f := function($s, $n){$n = 0 ? $s : $f([[$s], [$s]], $n - 1)}; $f([1], 40) = 1)",
        "($s := $join($map([1..50000], function($i){\"0123456789\"})); $replace($s, \"0\", $s))",
        "($s := $join($map([1..50000], function($i){\"0\"})); $join($split($s, \"\"), $s))",
        "$round(1.5, 2000000000)",
        "$round(1.5, -2000000000)",
        // slow
        "$map([1..3000], function($i){$map([1..3000], function($j){$i * $j})})",
        "$sort([1..100000], function($a, $b){$a > $b})",
        "[1..500]^(>$)[[1..500]^(>$)[[1..500]^(>$)[true]]]",
        "**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**.**"
      })
  void endsWhatWouldNotEndAndSaysWhy(String expression) throws Exception {
    JsonNode data = JSON.readTree("{\"a\":{\"b\":{\"c\":[{\"d\":[1,2,{\"e\":3}]}]}}}");
    long start = System.nanoTime();

    Result result = Migration.compile(expression).apply(data);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    assertThat(result.done()).as(() -> "bounded, and then " + size(result)).isFalse();
    assertThat(result.failure()).isNotBlank().hasSizeLessThanOrEqualTo(300);
  }

  private static String size(Result result) {
    return result.data().toString().length() + " characters";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          $match(a, /(a+)+$/)             | 10 | regular expressions
          $contains(a, /(a+)+$/)          | 13 | regular expressions
          a and /(a+)+$/                  | 6  | regular expressions
          (/"/; $eval("1"); "/")          | 1  | regular expressions
          $eval("1")                      | 0  | $eval is not part
          ($f := $eval; $f("1"))          | 7  | $eval is not part
          {"at": $now()}                  | 7  | $now is not part
          {"at": $millis()}               | 7  | $millis is not part
          $random() > 0.5                 | 0  | $random is not part
          $shuffle(a)                     | 0  | $shuffle is not part
          $pad(a, 2000000000)             | 0  | $pad is not part
          {"n": $summ(a)}                 | 6  | there is no $summ
          a"b $eval("1") "                | 1  | in a name
          a$eval                          | 1  | in a name
          {"a": "b                        | 6  | without an end
          `a                              | 0  | without an end
          1 /* a                          | 2  | without an end
          """)
  void refusesWhatCannotBeBoundedAndSaysWhere(String expression, int position, String reason) {
    MigrationRejectedException refusal =
        catchThrowableOfType(
            MigrationRejectedException.class, () -> Migration.compile(expression.strip()));

    assertThat(refusal).as(expression).isNotNull();
    assertThat(refusal.position()).isEqualTo(position);
    assertThat(refusal).hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\": }", "(1", "a b", "1 +", "{", "]", ")", "$x :=", "function(", "?"})
  void refusesWhatIsNoExpression(String expression) {
    assertThatThrownBy(() -> Migration.compile(expression))
        .isInstanceOf(MigrationRejectedException.class)
        .hasMessageStartingWith("at character ");
  }

  @Test
  void refusesWhatIsTooLongOrNestedTooDeeply() {
    String brackets = "(".repeat(4_000) + "1" + ")".repeat(4_000);
    String chain = "1" + "+1".repeat(5_000);
    String minus = "-".repeat(8_000) + "1";
    String steps = "a" + ".a".repeat(4_000);

    assertThatThrownBy(() -> Migration.compile(brackets)).hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> Migration.compile(chain)).hasMessageContaining("8192");
    assertThatThrownBy(() -> Migration.compile(" ")).hasMessageContaining("8192");
    for (String long_ : new String[] {minus, steps}) {
      assertThat(endsQuietly(long_)).isTrue();
    }
  }

  private static boolean endsQuietly(String expression) {
    try {
      return !Migration.compile(expression).apply(JSON.createObjectNode()).done();
    } catch (MigrationRejectedException e) {
      return true;
    }
  }

  /** Should a way be found past the check of the text. */
  @Test
  void endsWhatTheCheckOfTheTextDidNotSee() {
    for (String name : ExpressionRules.REFUSED) {
      Jsonata hidden = Jsonata.jsonata("($f := $" + name + "; $f(\"1\"))");
      BoundedFunctions.register(hidden);
      assertThatThrownBy(() -> hidden.evaluate(Map.of()))
          .hasStackTraceContaining("$" + name + " is not part of migrations");
    }
    Bounds bounds = new Bounds();
    assertThatThrownBy(() -> bounds.leave(Pattern.compile("a"))).isInstanceOf(Unusable.class);
    assertThat(bounds.exceeded()).contains("regular expressions");
  }

  @Test
  void knowsEveryFunctionOfTheLibrary() throws Exception {
    String[] all =
        ("sum count max min average string substring substringBefore substringAfter lowercase"
                + " uppercase length trim pad match contains replace split join formatNumber"
                + " formatBase formatInteger parseInteger number floor ceil round abs sqrt power"
                + " random boolean not map zip filter single reduce sift keys lookup append exists"
                + " spread merge reverse each error assert type sort shuffle distinct base64encode"
                + " base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval"
                + " toMillis fromMillis now millis")
            .split(" ", -1);
    long accepted =
        IntStream.range(0, all.length).filter(i -> compiles("$type($" + all[i] + ")")).count();

    assertThat(accepted).isEqualTo(all.length - ExpressionRules.REFUSED.size());
    assertThat(all).containsAll(ExpressionRules.REFUSED);
  }

  private static boolean compiles(String expression) {
    try {
      return Migration.compile(expression) != null;
    } catch (MigrationRejectedException e) {
      return false;
    }
  }
}
