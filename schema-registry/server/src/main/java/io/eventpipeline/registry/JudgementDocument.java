package io.eventpipeline.registry;

import io.eventpipeline.compatibility.Direction;
import io.eventpipeline.compatibility.Finding;
import io.eventpipeline.compatibility.Fix;
import io.eventpipeline.compatibility.Policy;
import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.compatibility.Verdict;
import io.eventpipeline.registry.store.Judgement;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a judgement is shown, in a check and in the refusal of a version: {@code level}, {@code
 * policy}, {@code verdict}, {@code findings} and {@code findings_left_out}, and under {@code
 * forgiven} what the policy lets pass though validators refuse it.
 *
 * <p>Findings are ordered by version, newest first, and bounded in number and in characters; the
 * first one is always there. At least {@code findings_left_out} more were found. Pointers lead into
 * the self-contained schema.
 */
final class JudgementDocument {
  static final int FINDINGS_MAX = 50;

  /** A fragment can be a whole schema of 64 KiB: this leaves room for the one that matters. */
  private static final int CHARS_MAX = 256 * 1024;

  private int room = CHARS_MAX;

  private JudgementDocument() {}

  /** Adds the members to {@code target}. */
  static void write(Judgement judgement, ObjectNode target) {
    JudgementDocument document = new JudgementDocument();
    target
        .put("level", judgement.asked().level().name())
        .put("policy", judgement.asked().policy().name())
        .put("verdict", code(verdict(judgement)));
    ArrayNode findings = target.putArray("findings");
    int left = 0;
    for (Comparison comparison : judgement.comparisons()) {
      left += document.add(comparison, comparison.findings(), findings);
    }
    target.put("findings_left_out", left);
    ArrayNode forgiven = target.putArray("forgiven");
    for (Comparison comparison : judgement.comparisons()) {
      document.add(comparison, comparison.forgiven(), forgiven);
    }
  }

  private static Verdict verdict(Judgement judgement) {
    if (judgement.compatible()) {
      return Verdict.COMPATIBLE;
    }
    boolean broken =
        judgement.comparisons().stream().anyMatch(c -> c.verdict() == Verdict.INCOMPATIBLE);
    return broken ? Verdict.INCOMPATIBLE : Verdict.UNKNOWN;
  }

  /** Returns how many there was no room for. */
  private int add(Comparison comparison, List<Finding> findings, ArrayNode into) {
    int left = 0;
    for (Finding finding : findings) {
      ObjectNode node = write(finding, comparison.against());
      int chars = node.toString().length();
      if (!into.isEmpty() && (into.size() >= FINDINGS_MAX || chars > room)) {
        left++;
      } else {
        into.add(node);
        room -= chars;
      }
    }
    return left;
  }

  private static ObjectNode write(Finding finding, String against) {
    ObjectNode node = JsonBody.JSON.createObjectNode();
    node.put("rule", finding.difference().name())
        .put("direction", finding.direction().name())
        .put("verdict", code(finding.verdict()))
        .put("against", Integer.parseInt(against))
        .put("pointer", finding.pointer())
        .put("old_pointer", finding.oldPointer());
    finding.oldFragment().ifPresent(fragment -> node.set("old", fragment));
    finding.newFragment().ifPresent(fragment -> node.set("new", fragment));
    node.put("message", finding.message());
    finding.fix().ifPresent(fix -> node.set("change", write(fix)));
    ObjectNode verdicts = node.putObject("verdicts");
    for (Direction direction : Direction.values()) {
      ObjectNode policies = verdicts.putObject(direction.name());
      for (Policy policy : Policy.values()) {
        policies.put(policy.name(), code(finding.difference().verdict(direction, policy)));
      }
    }
    return node;
  }

  /** One operation of RFC 6902. */
  private static ObjectNode write(Fix fix) {
    ObjectNode node = JsonBody.JSON.createObjectNode();
    node.put("op", fix.operation()).put("path", fix.path());
    JsonNode value = fix.value();
    if (value != null) {
      node.set("value", value);
    }
    return node;
  }

  private static String code(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
