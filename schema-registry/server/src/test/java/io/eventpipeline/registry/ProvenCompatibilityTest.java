package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.Difference;
import io.eventpipeline.compatibility.Finding;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.Compatibility.Level;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Evolution;
import io.eventpipeline.registry.store.Judgement;
import io.eventpipeline.registry.store.LiveVersions;
import io.eventpipeline.registry.store.Outline;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProvenCompatibilityTest {
  private static final int VERSIONS = 200;

  private final List<Integer> read = new ArrayList<>();
  private final ProvenCompatibility rule = new ProvenCompatibility();

  @Test
  void readsOnlyTheVersionsThatTheLevelCallsFor() throws Exception {
    LiveVersions earlier = versions(version -> content("{\"maxLength\":" + version + "}", ""));
    Content proposed = content("{\"maxLength\":1000}", "");

    assertThat(rule.judge(proposed, earlier, asked(Level.NONE, "")).compatible()).isTrue();
    assertThat(read).isEmpty();
    assertThat(rule.judge(proposed, earlier, asked(Level.BACKWARD, "")).compatible()).isTrue();
    assertThat(read).containsExactly(VERSIONS);
    read.clear();
    Judgement all = rule.judge(proposed, earlier, asked(Level.BACKWARD_TRANSITIVE, ""));
    assertThat(all.compatible()).isTrue();
    assertThat(read).hasSize(VERSIONS);
  }

  @Test
  void looksForTheNewestVersionOfTheGroup() throws Exception {
    LiveVersions earlier =
        versions(
            version ->
                content(
                    "{\"type\":\"string\"}",
                    "{\"properties\":{\"major\":\"" + (version < 198 ? 1 : 2) + "\"}}"));
    Content proposed = content("{\"type\":\"integer\"}", "{\"properties\":{\"major\":\"1\"}}");

    Judgement judgement = rule.judge(proposed, earlier, asked(Level.BACKWARD, "major"));

    assertThat(read).containsExactly(200, 199, 198, 197);
    assertThat(judgement.comparisons()).singleElement().matches(c -> c.against().equals("197"));
    assertThat(judgement.compatible()).isFalse();
  }

  /** A read token can ask for all of them. */
  @Test
  void readsNoMoreVersionsOnceTheStepsAreUsedUp() throws Exception {
    LiveVersions earlier = versions(version -> content(choices("c" + version), ""));

    Judgement judgement =
        rule.judge(content(choices("d"), ""), earlier, asked(Level.FULL_TRANSITIVE, ""));

    assertThat(read.size()).isBetween(1, VERSIONS / 2);
    assertThat(judgement.compatible()).isFalse();
    assertThat(judgement.comparisons()).hasSize(VERSIONS);
    assertThat(judgement.comparisons().get(VERSIONS - 1).findings())
        .extracting(Finding::difference)
        .containsExactly(Difference.UNDECIDED_LIMIT);
  }

  /** None of them is compared with, and reading all of thousands takes its time, too. */
  @Test
  void countsWhatItReadsOfOtherGroups() throws Exception {
    String large = "{\"description\":\"" + "x".repeat(300_000) + "\"}";
    LiveVersions earlier = versions(v -> content(large, "{\"properties\":{\"major\":\"1\"}}"));
    Content proposed = content("{}", "{\"properties\":{\"major\":\"2\"}}");

    Judgement judgement = rule.judge(proposed, earlier, asked(Level.BACKWARD, "major"));

    assertThat(read.size()).isBetween(1, VERSIONS - 1);
    assertThat(judgement.compatible()).isFalse();
  }

  /** Each value costs some steps. */
  private static String choices(String last) {
    StringBuilder schema = new StringBuilder("{\"enum\":[");
    for (int i = 0; i < 3_000; i++) {
      schema.append('"').append(i).append("\",");
    }
    return schema + "\"" + last + "\"]}";
  }

  private LiveVersions versions(IntFunction<Content> contents) {
    List<Outline> outlines =
        IntStream.rangeClosed(1, VERSIONS)
            .mapToObj(v -> new Outline("it.many", v, Status.PUBLISHED, Evolution.NONE, 0, "" + v))
            .toList();
    return new LiveVersions(
        outlines,
        version -> {
          read.add(version);
          return Optional.of(version(version, contents.apply(version)));
        });
  }

  private static SchemaVersion version(int version, Content content) {
    return new SchemaVersion(
        version,
        "",
        "it.many",
        version,
        Status.PUBLISHED,
        true,
        "",
        Evolution.NONE,
        0,
        content,
        Instant.EPOCH,
        0);
  }

  private static Content content(String schema, String metadata) {
    return new Content(schema, schema, List.of(), metadata, schema);
  }

  private static Compatibility asked(Level level, String group) {
    return new Compatibility(level, Compatibility.Policy.STRICT, false, group, false);
  }
}
