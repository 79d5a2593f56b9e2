package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How long hostile schemas and patterns take. Of several tries the quickest counts: what the server
 * needs, not what a busy machine adds.
 */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSpeedIT {
  private static final Duration LIMIT = Duration.ofMillis(50);
  private static final int TRIES = 8;

  /** What OWASP and others list; a backtracking engine takes years for any of them. */
  private static final List<String> CLASSICS =
      List.of(
          "(a+)+",
          "^(a+)+$",
          "([a-zA-Z]+)*",
          "(a|aa)+",
          "(a|a?)+",
          "(.*a){20}",
          "^(([a-z])+.)+[A-Z]([a-z])+$",
          "^([a-zA-Z0-9])(([\\\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
          "^(?:(?:.|.|.|.){1,900})$",
          "^([ab]?[bc]?[cd]?[de]?){200}$",
          "^(\\\\p{L}|\\\\p{Lu})+$");

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  /** Name and schema of what is refused. */
  private static Map<String, String> refused() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String pattern :
        List.of(
            "(a)\\\\1+$",
            "(?=(a+))a*b$",
            "(?<!x)(a+)+$",
            "((a{1000}){1000}){1000}",
            "(((a{30}){30}){30}){30}",
            "((((a?){9}){9}){9}){9}",
            "(a{0,999}){0,999}$",
            "(")) {
      all.put(pattern, "{\"pattern\":\"" + pattern + "\"}");
      all.put("member " + pattern, "{\"patternProperties\":{\"" + pattern + "\":{}}}");
    }
    all.put("itself", "{\"$ref\":\"#\"}");
    all.put("a circle", "{\"allOf\":[{\"anyOf\":[{\"$ref\":\"#\"}]}]}");
    all.put("101 references", "{\"allOf\":[" + "{\"$ref\":\"#/$defs/a\"},".repeat(101) + "{}]}");
    all.put("deep", "{\"not\":".repeat(190) + "{}" + "}".repeat(190));
    all.put("deeper", "{\"not\":".repeat(15_000) + "{}" + "}".repeat(15_000));
    all.put("large", "{\"title\":\"" + "x".repeat(70_000) + "\"}");
    all.put("enum of 20,000", "{\"enum\":[" + "\"xx\",".repeat(20_000) + "\"y\"]}");
    for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
      StringBuilder bomb = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
      for (int i = 0; i < 40; i++) {
        String next = "{\"$ref\":\"#/$defs/a" + (i + 1) + "\"}";
        bomb.append("\"a" + i + "\":{\"" + keyword + "\":[" + next + "," + next + "]},");
      }
      String doubling = bomb.append("\"a40\":{\"type\":\"string\"}}}").toString();
      all.put("doubling " + keyword, doubling);
      all.put(
          "doubling with an address of its own " + keyword,
          "{\"$id\":\"http://e.example/r\",\"not\":{\"$id\":\"in\"," + doubling.substring(1) + "}");
    }
    return all;
  }

  @Test
  void refusesSchemaBombsAndPatternsOfNoLinearTimeWithinFiftyMilliseconds() throws Exception {
    for (Map.Entry<String, String> attack : refused().entrySet()) {
      String body = "{\"type\":\"it.bomb\",\"schema\":" + attack.getValue() + "}";
      Duration best = quickest(attack.getKey(), () -> registry.post(body), 400, 413, 422);
      assertThat(best).as(attack.getKey()).isLessThan(LIMIT);
    }
  }

  /** At each door; the pattern is a value here and a name there. */
  @Test
  void refusesTheClassicPatternsWithinFiftyMilliseconds() throws Exception {
    for (String pattern : CLASSICS) {
      String schema = "{\"pattern\":\"" + pattern + "\"}";
      String names = "{\"$defs\":{\"a\":{\"patternProperties\":{\"" + pattern + "\":{}}}}}";
      String dialect = JsonNodeFactory.instance.objectNode().put("schema", schema).toString();
      Map<String, Try> doors = new LinkedHashMap<>();
      doors.put("register", () -> registry.register("it.classic", schema));
      doors.put("register name", () -> registry.register("it.classic", names));
      doors.put(
          "check",
          () -> registry.call("POST", "/schemas/it.classic/check", "{\"schema\":" + names + "}"));
      doors.put(
          "dialect",
          () ->
              registry.call(
                  "POST",
                  "/subjects/it.classic/versions",
                  dialect.replaceFirst("\\{", "{\"schemaType\":\"JSON\",")));
      for (Map.Entry<String, Try> door : doors.entrySet()) {
        String name = door.getKey() + " " + pattern;
        assertThat(quickest(name, door.getValue(), 422)).as(name).isLessThan(LIMIT);
      }
    }
  }

  /** Many different patterns share one allowance. */
  @Test
  void answersForManyPatternsAtOnceWithinFiftyMilliseconds() throws Exception {
    StringBuilder many = new StringBuilder("{\"$defs\":{");
    for (int i = 0; i < 200; i++) {
      many.append("\"p%d\":{\"pattern\":\"^.*a.*b.*c.*[a-f]*%dz$\"},".formatted(i, i));
    }
    String schema = many.append("\"z\":{\"pattern\":\"(a+)+\"}}}").toString();

    assertThat(quickest("200 patterns", () -> registry.register("it.many", schema), 422))
        .isLessThan(LIMIT);
  }

  @Test
  void answersOthersWhileSchemasAreCompiled() throws Exception {
    registry.get("/health/live"); // to warm up
    StringBuilder large = new StringBuilder("{\"properties\":{");
    for (int i = 0; i < 600; i++) {
      large.append(
          "\"p%d\":{\"type\":\"object\",\"pattern\":\"^[a-z]{1,90}$\",\"minLength\":1},"
              .formatted(i));
    }
    String schema = large.append("\"z\":{}}}").toString();
    List<CompletableFuture<?>> compiling = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String type = "it.busy-" + i;
      compiling.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  assertThat(registry.register(type, schema).status()).isEqualTo(201);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              }));
    }
    Duration slowest = Duration.ZERO;
    CompletableFuture<Void> all =
        CompletableFuture.allOf(compiling.toArray(CompletableFuture[]::new));
    int answers = 0;
    while (!all.isDone()) {
      long start = System.nanoTime();
      assertThat(registry.get("/health/live").status()).isEqualTo(200);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
      answers++;
    }
    all.join();
    System.out.printf("%d answers of the event loop meanwhile, slowest %s%n", answers, slowest);
    assertThat(slowest).isLessThan(Duration.ofSeconds(1));
  }

  @FunctionalInterface
  private interface Try {
    Reply send() throws Exception;
  }

  private static Duration quickest(String name, Try attack, Integer... statuses) throws Exception {
    long[] times = new long[TRIES];
    for (int i = 0; i < TRIES; i++) {
      long start = System.nanoTime();
      Reply reply = attack.send();
      times[i] = System.nanoTime() - start;
      assertThat(reply.status()).as("%s: %s", name, reply.raw().body()).isIn((Object[]) statuses);
    }
    Arrays.sort(times);
    System.out.printf(
        Locale.ROOT,
        "%-40s %6.2f ms, median %6.2f ms, slowest %6.2f ms%n",
        name,
        times[0] / 1e6,
        times[TRIES / 2] / 1e6,
        times[TRIES - 1] / 1e6);
    return Duration.ofNanos(times[0]);
  }
}
