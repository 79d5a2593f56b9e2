package io.eventpipeline.registry;

import io.eventpipeline.compatibility.Check;
import io.eventpipeline.compatibility.CompatibilityChecker;
import io.eventpipeline.compatibility.Finding;
import io.eventpipeline.compatibility.Limits;
import io.eventpipeline.compatibility.Mode;
import io.eventpipeline.compatibility.Policy;
import io.eventpipeline.compatibility.Report;
import io.eventpipeline.compatibility.Version;
import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Judgement;
import io.eventpipeline.registry.store.LiveVersions;
import io.eventpipeline.registry.store.Outline;
import io.eventpipeline.registry.store.SchemaVersion;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What is not proven to be compatible is not: by the checker, on self-contained schemas, with
 * formats as binding as they are for the job.
 */
final class ProvenCompatibility implements CompatibilityRule {
  private static final int OBJECTIONS_MAX = 20;

  /** As many as the checker keeps: what is told to a caller has bounds of its own, and counts. */
  private static final int FINDINGS_MAX = 200;

  /** Each takes up to 80 MB of the heap, and a processor. */
  private static final int COMPARISONS_AT_ONCE = 2;

  private final CompatibilityChecker checker = new CompatibilityChecker(limits());
  private final Turns turns = new Turns(COMPARISONS_AT_ONCE);

  private static Limits limits() {
    Limits usual = Limits.DEFAULT;
    return new Limits(
        usual.stepsMax(),
        usual.depthMax(),
        usual.nodesMax(),
        usual.nestingMax(),
        FINDINGS_MAX,
        true);
  }

  @Override
  public Judgement judge(Content proposed, LiveVersions earlier, Compatibility compatibility)
      throws SQLException {
    Check check =
        checker.start(
            version("proposed", proposed),
            Mode.valueOf(compatibility.level().name()),
            Policy.valueOf(compatibility.policy().name()));
    try {
      List<Outline> outlines = earlier.outlines();
      for (int i = outlines.size() - 1; i >= 0 && check.wantsMore(); i--) {
        compare(check, proposed, earlier, outlines.get(i), compatibility.group());
      }
    } catch (UnusableSchemaException e) {
      String sentence = "The schemas cannot be compared: " + e.getMessage() + ".";
      return new Judgement(compatibility, List.of(), List.of(sentence));
    }
    Report report = check.report();
    return new Judgement(compatibility, report.comparisons(), sentences(report));
  }

  /** Of a group or not: once the steps are used up, nobody reads a version to find out. */
  private void compare(
      Check check, Content proposed, LiveVersions earlier, Outline outline, String group)
      throws SQLException, UnusableSchemaException {
    String label = Integer.toString(outline.version());
    if (check.isSpent()) {
      check.againstUnread(label);
      return;
    }
    Optional<SchemaVersion> schema = earlier.read(outline);
    if (schema.isPresent() && isOfOneGroup(proposed, schema.get().content(), group)) {
      Version version = version(label, schema.get().content());
      turns.take(() -> check.against(version));
    } else if (schema.isPresent()) {
      check.passedOver(schema.get().content().document().length());
    }
  }

  private static Version version(String label, Content content) {
    return Version.of(label, JsonBody.JSON.readTree(content.selfContained()));
  }

  private static boolean isOfOneGroup(Content a, Content b, String group) {
    return group.isEmpty() || property(a, group).equals(property(b, group));
  }

  private static JsonNode property(Content content, String name) {
    return content.metadata().isEmpty()
        ? JsonBody.JSON.missingNode()
        : JsonBody.JSON.readTree(content.metadata()).path("properties").path(name);
  }

  private static List<String> sentences(Report report) {
    List<String> sentences = new ArrayList<>();
    for (Report.Comparison comparison : report.comparisons()) {
      for (Finding finding : comparison.findings()) {
        if (sentences.size() < OBJECTIONS_MAX) {
          sentences.add(
              "Against version "
                  + comparison.against()
                  + ": "
                  + finding.difference()
                  + " at '"
                  + finding.pointer()
                  + "': "
                  + finding.message());
        }
      }
    }
    if (sentences.isEmpty() && !report.compatible()) {
      sentences.add("It cannot be shown that the schema is compatible.");
    }
    return sentences;
  }
}
