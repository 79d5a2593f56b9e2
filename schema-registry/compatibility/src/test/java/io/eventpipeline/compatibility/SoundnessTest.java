package io.eventpipeline.compatibility;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.compatibility.schema.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * If the checker says compatible under STRICT, no value that is valid for the writer is refused by
 * the reader. Random pairs of schemas, random values, another validator as the judge.
 *
 * <p>{@code bench/run soundness} is the full proof, of 10,000 pairs a family; with {@code
 * -Dproperty.families=ARRAYS,NAMES} a part of it, and {@code -Dproperty.seed=N} repeats a run, also
 * here. Generators of our own instead of a library's: the second schema depends on the first and
 * the values on both, and one seed a case is all that a failure needs.
 */
class SoundnessTest {
  private static final int CASES = Integer.getInteger("property.cases", 100);
  private static final List<String> FAMILIES =
      List.of(System.getProperty("property.families", "").split(","));
  private static final int VALUES = 40;
  private static final CompatibilityChecker CHECKER = new CompatibilityChecker(Limits.DEFAULT);

  /** What became of the questions asked, two for each pair. */
  private static final class Tally {
    int proven;
    int refused;
    int undecided;
    int withoutExample;
    int undecidedWithoutExample;

    @Override
    public String toString() {
      return "proven %d, incompatible %d (no counterexample found: %d), unknown %d (%d)"
          .formatted(proven, refused, withoutExample, undecided, undecidedWithoutExample);
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void neverCallsCompatibleWhatRefusesAValidValue(Family family) throws Exception {
    assumeTrue(FAMILIES.contains("") || FAMILIES.contains(family.name()));
    String given = System.getProperty("property.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    // Before anything can fail, hang or take the memory: the run can be repeated whatever comes
    System.out.printf("%-12s seed %d, %d pairs ...%n", family, seed, CASES);
    Tally tally = new Tally();
    for (int i = 0; i < CASES; i++) {
      try {
        check(family, seed + i, tally);
      } catch (Exception | StackOverflowError e) {
        throw new AssertionError("seed " + (seed + i) + ": " + e, e);
      }
    }
    System.out.printf("%-12s seed %d, %d pairs: %s%n", family, seed, CASES, tally);
  }

  private static void check(Family family, long seed, Tally tally) throws Exception {
    Random random = new Random(seed);
    random.nextInt(); // neighbouring seeds begin alike
    ObjectNode before = new RandomSchemas(random, family, dialect(random)).document();
    Dialect own = Dialect.named(before.get("$schema").asString()).orElseThrow();
    ObjectNode after =
        switch (random.nextInt(10)) {
          case 0 -> new RandomSchemas(random, family, dialect(random)).document();
          case 1 -> new RandomSchemas(random, family, dialect(random)).inThisDraft(before);
          default -> new RandomSchemas(random, family, own).mutated(before);
        };
    Oracle old = new Oracle(before);
    Oracle now = new Oracle(after);
    List<JsonNode> validBefore = new ArrayList<>();
    List<JsonNode> validAfter = new ArrayList<>();
    RandomValues values = new RandomValues(random);
    for (int i = 0; i < VALUES; i++) {
      JsonNode schema = i % 2 == 0 ? before : after;
      JsonNode value = i % 5 == 4 ? values.value(2) : values.like(schema, schema, 5);
      boolean oldTakes = old.accepts(value);
      boolean newTakes = now.accepts(value);
      if (oldTakes && !newTakes) {
        validBefore.add(value);
      }
      if (newTakes && !oldTakes) {
        validAfter.add(value);
      }
    }
    judge(Direction.BACKWARD, before, after, validBefore, tally, seed);
    judge(Direction.FORWARD, before, after, validAfter, tally, seed);
  }

  private static Dialect dialect(Random random) {
    Dialect[] all = Dialect.values();
    return random.nextBoolean() ? Dialect.DRAFT_2020_12 : all[random.nextInt(all.length)];
  }

  private static void judge(
      Direction direction,
      JsonNode before,
      JsonNode after,
      List<JsonNode> counterexamples,
      Tally tally,
      long seed)
      throws Exception {
    Mode mode = direction == Direction.BACKWARD ? Mode.BACKWARD : Mode.FORWARD;
    Comparison answer =
        CHECKER
            .check(
                Version.of("new", after), List.of(Version.of("old", before)), mode, Policy.STRICT)
            .comparisons()
            .get(0);
    boolean none = counterexamples.isEmpty();
    switch (answer.verdict()) {
      case COMPATIBLE -> {
        tally.proven++;
        if (!none) {
          throw new AssertionError(
              "seed %d, %s: called compatible%n old %s%n new %s%n but %s"
                  .formatted(seed, direction, before, after, counterexamples.get(0)));
        }
      }
      case INCOMPATIBLE -> {
        tally.refused++;
        tally.withoutExample += none ? 1 : 0;
      }
      case UNKNOWN -> {
        tally.undecided++;
        tally.undecidedWithoutExample += none ? 1 : 0;
      }
    }
  }
}
