package io.eventpipeline.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.schema.migration.Migration.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MigrationTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"sku":item,"quantity":1} | {"item":"A"} | {"sku":"A","quantity":1}
          $merge([$, {"currency":"EUR"}]) | {"a":null,"b":[]} | {"a":null,"b":[],"currency":"EUR"}
          {"n": amount} | {"amount":12345678901234567890.123456789} | {"n":12345678901234567890.123456789}
          {"n": amount} | {"amount":12345678901234567890} | {"n":12345678901234567890}
          {"n": amount} | {"amount":19.90} | {"n":19.9}
          {"n": cents / 100} | {"cents":1990} | {"n":19.9}
          {"n": cents / 100} | {"cents":2000} | {"n":20}
          {"n": price * 3} | {"price":0.1} | {"n":0.30000000000000004}
          {"n": $round(price * 3, 2)} | {"price":0.1} | {"n":0.3}
          {"same": price = 19.9} | {"price":19.90} | {"same":true}
          {"t": $join(tags, "/")} | {"tags":["a","b"]} | {"t":"a/b"}
          {"t": $split(path, "/")} | {"path":"a/b"} | {"t":["a","b"]}
          {"t": $replace(t, ",", ".")} | {"t":"1,2,3"} | {"t":"1.2.3"}
          {"t": $replace(t, ",", ".", 1)} | {"t":"1,2,3"} | {"t":"1.2,3"}
          {"at": $fromMillis(ms)} | {"ms":1763632800123} | {"at":"2025-11-20T10:00:00.123Z"}
          {"ms": $toMillis(at)} | {"at":"2025-11-20T10:00:00.123Z"} | {"ms":1763632800123}
          {"lines": [items.{"id": sku, "n": n}]} | {"items":[{"sku":"A","n":1}]} | {"lines":[{"id":"A","n":1}]}
          {"sum": $sum(items.(n * p))} | {"items":[{"n":2,"p":3},{"n":1,"p":4}]} | {"sum":10}
          ($half := function($x){$x / 2}; {"n": $half(n)}) | {"n":4} | {"n":2}
          {"a": `b c`, "d": "it's $eval"} | {"b c":1} | {"a":1,"d":"it's $eval"}
          {"a": missing, "b": 1} | {} | {"b":1}
          {"a": x ? "yes" : "no"} /* words */ | {"x":true} | {"a":"yes"}
          """)
  void changesWhatItSaysAndNothingElse(String expression, String before, String after)
      throws Exception {
    Result result = Migration.compile(expression).apply(JSON.readTree(before));

    assertThat(result.failure()).isEmpty();
    assertThat(JSON.readTree(result.data().toString())).isEqualTo(JSON.readTree(after));
  }

  @Test
  void leavesTheDataAloneThatItReads() throws Exception {
    JsonNode data = JSON.readTree("{\"items\":[{\"n\":1},{\"n\":2}],\"a\":null}");
    JsonNode before = data.deepCopy();

    assertThat(Migration.compile("$ ~> |items|{\"n\": 0}|").apply(data).done()).isTrue();
    assertThat(data).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          $error("no price")      | no price
          missing                 | yields nothing
          {"f": $sum}             | a function
          {"n": "a" * 2}          | must evaluate to a number
          $assert(false, "older") | older
          {"n": 1e300 * 1e300}    | out of range
          """)
  void failsWithAReason(String expression, String reason) throws Exception {
    Result result = Migration.compile(expression).apply(JSON.readTree("{}"));

    assertThat(result.done()).isFalse();
    assertThat(result.failure()).contains(reason);
  }

  @Test
  void servesManyThreadsWithoutMixingTheirData() throws Exception {
    Migration migration = Migration.compile("($x := n; {\"n\": $map([1..20], function($i){$x})})");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Result>> results = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        JsonNode data = JSON.createObjectNode().put("n", i);
        results.add(threads.submit(() -> migration.apply(data)));
      }
      for (int i = 0; i < results.size(); i++) {
        JsonNode numbers = results.get(i).get(20, TimeUnit.SECONDS).data().path("n");
        assertThat(numbers).hasSize(20);
        for (JsonNode number : numbers) {
          assertThat(number.asInt()).isEqualTo(i);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
