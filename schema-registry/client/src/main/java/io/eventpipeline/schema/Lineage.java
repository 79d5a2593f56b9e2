package io.eventpipeline.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How the versions of one event type follow from each other, and so which way an event takes that
 * names one of them. Some tens of bytes a version, and the expressions. Immutable.
 *
 * @param versions by number; without drafts
 */
record Lineage(Map<Integer, Version> versions) {
  static final Lineage NONE = new Lineage(Map.of());

  Lineage {
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
  }

  /**
   * One version.
   *
   * @param published open to producers and not deprecated: what events may be written as
   * @param live published or deprecated: what may correct another
   * @param upcastsFrom the version whose data can be read as this one's, 0 for none
   * @param migration that makes it so; {@code ""} when the data fits as it is
   * @param supersedes the version that it corrects, 0 for none
   */
  record Version(
      int number,
      boolean published,
      boolean live,
      int upcastsFrom,
      String migration,
      int supersedes) {

    /** From the registry's representation. */
    static Version of(JsonNode body) {
      String status = body.path("status").asString("");
      return new Version(
          body.path("version").asInt(0),
          status.equals("published"),
          status.equals("published") || status.equals("deprecated"),
          body.path("upcasts_from").asInt(0),
          body.path("migration").asString(""),
          body.path("supersedes").asInt(0));
    }
  }

  /**
   * The way of an event that names a version.
   *
   * @param corrections migrations that its data goes through before it is validated
   * @param validated the version that validates it
   * @param upcasts migrations that its data goes through afterwards
   * @param shape the version that the last of these leads to; {@code validated} without any
   * @param written the version that it is written as
   */
  record Way(
      List<String> corrections, int validated, List<String> upcasts, int shape, int written) {}

  /** Of the registry's representations of versions of one type. */
  static Lineage of(List<JsonNode> bodies) {
    Map<Integer, Version> versions = new HashMap<>();
    bodies.forEach(body -> versions.put(Key.of(body).version(), Version.of(body)));
    return new Lineage(versions);
  }

  /** The way from {@code named}, which may also be one that this lineage does not know. */
  Way from(int named) {
    int validated = named;
    List<String> corrections = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (Optional<Version> next = corrector(named); next.isPresent(); ) {
      Version correcting = next.get();
      if (!seen.add(correcting.number())) {
        break; // the registry refuses circles; a proxy that made one must not hang the job
      }
      if (correcting.upcastsFrom() == validated && !correcting.migration().isEmpty()) {
        corrections.add(correcting.migration());
      }
      validated = correcting.number();
      next = corrector(validated);
    }
    return upcast(corrections, validated);
  }

  private Way upcast(List<String> corrections, int validated) {
    List<Version> way = wayUp(validated);
    List<String> upcasts = new ArrayList<>();
    int shape = validated;
    int written = validated;
    for (Version step : way) {
      if (!step.migration().isEmpty()) {
        upcasts.add(step.migration());
        shape = step.number();
      }
      written = step.number();
    }
    return new Way(List.copyOf(corrections), validated, List.copyOf(upcasts), shape, written);
  }

  private Optional<Version> corrector(int corrected) {
    return versions.values().stream()
        .filter(version -> version.live() && version.supersedes() == corrected)
        .max(Comparator.comparingInt(Version::number));
  }

  /** The steps to the newest version that can be reached and is not itself a mistake. */
  private List<Version> wayUp(int from) {
    return versions.values().stream()
        .filter(version -> version.published() && version.number() > from)
        .filter(version -> corrector(version.number()).isEmpty())
        .sorted(Comparator.comparingInt(Version::number).reversed())
        .map(target -> steps(from, target))
        .filter(steps -> !steps.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /** Empty when no way leads there. Passes through versions that are withdrawn by now. */
  private List<Version> steps(int from, Version target) {
    List<Version> steps = new ArrayList<>();
    Version step = target;
    while (step != null && step.upcastsFrom() >= from && step.upcastsFrom() < step.number()) {
      steps.add(step);
      if (step.upcastsFrom() == from) {
        Collections.reverse(steps);
        return steps;
      }
      step = versions.get(step.upcastsFrom());
    }
    return List.of();
  }
}
