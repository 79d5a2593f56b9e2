package io.eventpipeline.compatibility;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Pairs of schemas, each within 64 KiB and 20 levels, of which every one makes some part of the
 * checker work as much as it can: what is not counted by its size shows here.
 */
final class HostilePairs {
  /** An old schema and a new one. */
  record Pair(JsonNode before, JsonNode after) {}

  private final Map<String, Pair> pairs = new LinkedHashMap<>();

  private HostilePairs() {
    alternatives();
    products();
    objects();
    values();
    patterns();
    arrays();
    negations();
    recursions();
  }

  static Map<String, Pair> all() {
    return new HostilePairs().pairs;
  }

  private void add(String name, String before, String after) {
    pairs.put(name, new Pair(json(before), json(after)));
  }

  private static JsonNode json(String text) {
    return Row.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static String list(int count, IntFunction<String> item) {
    return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(",", "[", "]"));
  }

  private static String map(int count, IntFunction<String> member) {
    return IntStream.range(0, count).mapToObj(member).collect(Collectors.joining(",", "{", "}"));
  }

  private static String names(String prefix, int count) {
    return list(count, i -> "'" + prefix + i + "'");
  }

  private void alternatives() {
    String text = "{'type':'string'}";
    for (String either : new String[] {"anyOf", "oneOf"}) {
      add(either + " of nothing", "{'" + either + "':" + list(9_000, i -> "{}") + "}", text);
      for (int n : new int[] {50, 200, 700, 2_000}) {
        IntFunction<String> old = i -> "{'required':['a" + i + "']}";
        IntFunction<String> now = i -> "{'required':['b" + i + "']}";
        String before = "{'" + either + "':" + list(n, old) + "}";
        add(either + " of " + n, before, "{'" + either + "':" + list(n, now) + "}");
        add(either + " of " + n + " and one more", before, before.replace("]}]", "]},{}]"));
      }
      IntFunction<String> kind =
          i ->
              "{'type':'object','properties':{'kind':{'const':'k%d'},'v%d':{'type':'integer'}},'required':['kind']}"
                  .formatted(i, i);
      String kinds = "{'" + either + "':" + list(500, kind) + "}";
      add(either + " of 500 kinds", kinds, kinds.replaceFirst("integer", "number"));
    }
  }

  private void products() {
    String fat = "'description':'" + "x".repeat(900) + "',";
    for (String either : new String[] {"anyOf", "oneOf"}) {
      for (String note : new String[] {"", fat}) {
        IntFunction<String> two =
            i ->
                "{%s'%s':[{%s'required':['a%d']},{'required':['b%d']}]}"
                    .formatted(note, either, note, i, i);
        String all = list(30, two);
        add(
            either + " product" + (note.isEmpty() ? "" : ", long texts"),
            "{'type':'object','allOf':" + all + "}",
            "{'type':'object','allOf':" + all.replaceFirst("a29", "c") + "}");
        IntFunction<String> properties =
            i ->
                "'p%d':{%s'%s':[{'minimum':%d},{'type':'string','maxLength':%d}]}"
                    .formatted(i, note, either, i, i);
        String map = map(40, properties);
        add(
            either + " below properties" + (note.isEmpty() ? "" : ", long texts"),
            "{'allOf':[{'properties':" + map + "},{'$ref':'#/allOf/0'}]}",
            "{'allOf':[{'properties':" + map.replace("'string'", "'array'") + "}]}");
      }
      IntFunction<String> ten =
          i -> "{'" + either + "':" + list(10, j -> "{'const':" + (i * 7 + j) + "}") + "}";
      String tens = list(100, ten);
      add(either + " of values", "{'allOf':" + tens + "}", "{'allOf':" + tens + ",'minimum':9}");
    }
    IntFunction<String> condition =
        i ->
            "{'if':{'required':['a%d']},'then':{'required':['b%d']},'else':{'required':['c%d']}}"
                .formatted(i, i, i);
    String conditions = list(100, condition);
    add(
        "conditions",
        "{'type':'object','allOf':" + conditions + "}",
        "{'type':'object','allOf':" + conditions.replace("b99", "d") + "}");
  }

  private void objects() {
    add("required", "{'type':'object'}", "{'required':" + names("n", 6_000) + "}");
    IntFunction<String> one = i -> "{'required':['n" + i + "']}";
    add(
        "required, one by one",
        "{'required':" + names("n", 3_000) + ",'anyOf':[{},{'type':'object'}]}",
        "{'allOf':" + list(3_000, one) + ",'required':['z']}");
    String depends = map(1_500, i -> "'n" + i + "':['m" + i + "']");
    add(
        "dependencies",
        "{'type':'object','dependentRequired':"
            + depends
            + ",'required':"
            + names("m", 3_000)
            + "}",
        "{'type':'object','dependentRequired':" + depends.replace("['m", "['k") + "}");
    String schemas = map(900, i -> "'n" + i + "':{'required':['m" + i + "']}");
    add(
        "dependent schemas",
        "{'type':'object','dependentSchemas':" + schemas + ",'required':" + names("n", 900) + "}",
        "{'type':'object','dependentSchemas':" + schemas.replace("['m", "['k") + "}");
    String properties = map(3_000, i -> "'p" + i + "':{'type':'string'}");
    String numbers = properties.replace("string", "number");
    add("properties", "{'properties':" + properties + "}", "{'properties':" + numbers + "}");
    add(
        "closed properties",
        "{'additionalProperties':false,'properties':" + properties + "}",
        "{'additionalProperties':false,'properties':" + map(3_000, i -> "'q" + i + "':{}") + "}");
    add(
        "properties below many schemas",
        "{'allOf':" + list(3_000, i -> "{'minProperties':1}") + "}",
        "{'properties':" + properties + "}");
    add(
        "names",
        "{'propertyNames':{'enum':" + names("p", 3_000) + "}}",
        "{'propertyNames':{'enum':" + names("q", 3_000) + "}}");
    String closed = "{'properties':{'a':{},'b':{}},'additionalProperties':false}";
    add(
        "closed below all",
        "{'allOf':" + list(900, i -> closed) + "}",
        "{'allOf':" + list(900, i -> closed.replace("'a'", "'c" + i + "'")) + "}");
  }

  private void values() {
    add("enum", "{'enum':" + names("v", 6_000) + "}", "{'enum':" + names("w", 6_000) + "}");
    add(
        "enum for many readers",
        "{'enum':" + names("v", 5_000) + "}",
        "{'anyOf':" + list(2_000, i -> "{'const':'v" + i + "'}") + "}");
    String large = "{'a':'" + "x".repeat(60_000) + "'}";
    String many = list(2_500, i -> "{'const':{'a':" + i + "}}");
    add("a large value", "{'enum':[" + large + ",1]}", "{'anyOf':" + many + "}");
    add("a large value, refused", "{'const':" + large + "}", "{'allOf':" + many + "}");
    String members = map(5_000, i -> "'p" + i + "':" + i);
    add("a wide value", "{'enum':[" + members + ",1]}", "{'anyOf':" + many + "}");
    add(
        "wide values, required",
        "{'enum':" + list(9_000, i -> "{}") + "}",
        "{'required':" + names("n", 6_000) + "}");
    String multiples = list(2_500, i -> "{'multipleOf':" + (i + 2) + "}");
    add("multiples", "{'allOf':" + multiples + "}", "{'allOf':" + multiples + ",'multipleOf':0.7}");
    String digits = "1" + "0".repeat(390);
    String long1 = list(80, i -> "{'multipleOf':" + digits + i + ".5}");
    add("long multiples", "{'allOf':" + long1 + "}", "{'allOf':" + long1.replace(".5", ".7") + "}");
    String ranges = list(600, i -> "{'minimum':" + i + ",'maximum':" + (i + 120) + "}");
    add("ranges", "{'type':'integer','anyOf':" + ranges + "}", "{'anyOf':" + ranges + ",'not':{}}");
  }

  private void patterns() {
    String names = map(60, i -> "'" + "ab".repeat(480) + i + "':{}");
    String far = "{'patternProperties':{'[ab]{900}c':{'type':'string'}}}";
    add("a long pattern for long names", "{'properties':" + names + "}", far);
    add("long names for a long pattern", far, "{'properties':" + names + "}");
    add("sets of states", "{'pattern':'a[ab]{30}$'}", "{'pattern':'b[ab]{30}$'}");
    add(
        "lengths",
        "{'pattern':'a[ab]{300}$','minLength':250,'type':'string'}",
        "{'maxLength':290}");
    String classes =
        IntStream.range(0, 900)
            .mapToObj(i -> "[" + (char) (0x4e00 + 2 * i) + "a]")
            .collect(Collectors.joining());
    add("a wide alphabet", "{'pattern':'" + classes + "'}", "{'pattern':'a" + classes + "'}");
    StringBuilder all = new StringBuilder("[");
    for (int c = 0x4e00; c < 0x9f00; c += 2) {
      all.append((char) c);
    }
    add("a wide class", "{'pattern':'^" + all + "]{2}$'}", "{'pattern':'^" + all + "]{3}$'}");
    String many = list(900, i -> "{'pattern':'^[a-z]{1,50}x" + i + "?$'}");
    add("many patterns", "{'allOf':" + many + "}", "{'allOf':" + many + ",'pattern':'^[a-y]*$'}");
    String named = map(900, i -> "'^[a-z]{1,40}" + i + "':{'type':'string'}");
    add(
        "many patterns of names",
        "{'patternProperties':" + named + "}",
        "{'patternProperties':" + named.replace("{1,40}", "{1,41}") + "}");
    String unreadable = map(1_500, i -> "'((a{30}){30}){30}" + i + "':{}");
    add("patterns too large", "{'patternProperties':" + unreadable + "}", "{'minProperties':1}");
    add(
        "patterns too large, read",
        "{'properties':{'a':{}}}",
        "{'patternProperties':" + unreadable + ",'additionalProperties':false}");
  }

  private void arrays() {
    String places = list(3_000, i -> "{'type':'string'}");
    add(
        "places",
        "{'type':'array','prefixItems':" + places + ",'minItems':2999}",
        "{'prefixItems':" + places.replace("string", "number") + "}");
    add(
        "places that contain",
        "{'type':'array','prefixItems':" + places + ",'minItems':3000,'items':false}",
        "{'contains':{'const':1},'minContains':2000,'maxContains':2500}");
    add(
        "places below many schemas",
        "{'type':'array','allOf':" + list(2_000, i -> "{'items':{'minLength':" + i + "}}") + "}",
        "{'prefixItems':" + places + "}");
    add(
        "unique",
        "{'enum':[" + list(9_000, i -> i + "") + "]}",
        "{'allOf':" + list(2_000, i -> "{'uniqueItems':true}") + ",'contains':{'const':-1}}");
  }

  private void negations() {
    String nots = list(1_500, i -> "{'not':{'const':" + i + "}}");
    add(
        "negations",
        "{'allOf':" + nots + "}",
        "{'allOf':" + nots.replace("'const':", "'const':1") + "}");
    String types = list(900, i -> "{'not':{'type':'object','required':['n" + i + "']}}");
    add("negated types", "{'allOf':" + types + "}", "{'allOf':" + types.replace("'n", "'m") + "}");
    String deep = "{'not':".repeat(17) + "{'minimum':1}" + "}".repeat(17);
    add("double negations", "{'allOf':" + list(300, i -> deep) + "}", deep.replace("1", "2"));
  }

  private void recursions() {
    IntFunction<String> tree =
        i ->
            "'d%d':{'properties':{'l':{'$ref':'#/$defs/d%d'},'r':{'$ref':'#/$defs/d%d'}},'required':['l']}"
                .formatted(i, (i * 3 + 1) % 48, (i * 5 + 2) % 48);
    String trees = map(48, tree);
    add(
        "trees",
        "{'$ref':'#/$defs/d0','$defs':" + trees + "}",
        "{'$ref':'#/$defs/d1','$defs':" + trees.replace("['l']}}", "['r']}}") + "}");
    IntFunction<String> mixed =
        i ->
            "'d%d':{'anyOf':[{'type':'null'},{'properties':{'l':{'$ref':'#/$defs/d%d'}}},{'items':{'$ref':'#/$defs/d%d'}}]}"
                .formatted(i, (i * 3 + 1) % 40, (i * 7 + 2) % 40);
    String either = map(40, mixed);
    add(
        "trees of alternatives",
        "{'$ref':'#/$defs/d0','$defs':" + either + "}",
        "{'$ref':'#/$defs/d1','$defs':" + either.replaceFirst("null", "string") + "}");
    IntFunction<String> doubling =
        i ->
            "'d%d':{'anyOf':[{'$ref':'#/$defs/d%d'},{'$ref':'#/$defs/d%d'}],'minLength':%d}"
                .formatted(i, i + 1, i + 1, i);
    String chain = map(11, doubling);
    add(
        "doubling",
        "{'$ref':'#/$defs/d0','$defs':{'d11':{'type':'string'}," + chain.substring(1) + "}",
        "{'$ref':'#/$defs/d0','$defs':{'d11':{'type':'number'}," + chain.substring(1) + "}");
  }
}
