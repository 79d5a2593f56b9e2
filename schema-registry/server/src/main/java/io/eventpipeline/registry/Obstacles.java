package io.eventpipeline.registry;

import io.eventpipeline.registry.Proposals.Proposal;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.Correction;
import io.eventpipeline.registry.store.Outline;
import io.eventpipeline.registry.store.PublishingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What else than the schemas of earlier versions would stop a proposal from being published, by the
 * rules that publishing itself asks.
 */
final class Obstacles {
  private final PublishingRule surroundings;

  Obstacles(PublishingRule surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * One of them.
   *
   * @param code of the refusal
   */
  record Obstacle(Problem.Code code, String detail) {}

  /**
   * All of them; none for what is published already.
   *
   * @param published every version of the type that ever was, oldest first
   * @throws Problem when something that must be asked does not answer
   */
  List<Obstacle> of(Proposal proposal, List<Outline> published) {
    List<Obstacle> obstacles = new ArrayList<>();
    if (proposal.version() != 0 && !proposal.draft()) {
      return obstacles;
    }
    published.stream()
        .filter(version -> !proposal.follows(version))
        .reduce((first, second) -> second)
        .ifPresent(
            newest ->
                obstacles.add(
                    new Obstacle(
                        Problem.Code.STALE_DRAFT,
                        "version "
                            + newest.version()
                            + " was published meanwhile: make a new draft of this content")));
    List<Outline> earlier =
        published.stream().filter(Outline::live).filter(proposal::follows).toList();
    Correction.objection(proposal.evolution(), earlier)
        .ifPresent(
            objection -> obstacles.add(new Obstacle(Problem.Code.CANNOT_SUPERSEDE, objection)));
    around(proposal).ifPresent(obstacles::add);
    return obstacles;
  }

  private Optional<Obstacle> around(Proposal proposal) {
    try {
      surroundings.require(proposal.content());
      return Optional.empty();
    } catch (ChangeRefusedException e) {
      return Optional.of(new Obstacle(Problem.Code.of(e.reason()), e.getMessage()));
    } catch (Problem e) {
      switch (e.code()) {
        case COLUMN_CONFLICT, CLICKHOUSE_NOT_CONFIGURED -> {
          return Optional.of(new Obstacle(e.code(), e.getMessage()));
        }
        default -> throw e;
      }
    }
  }

  /**
   * Adds {@code obstacles}, and says so in the members that a judgement has written: {@code
   * compatible} and {@code verdict} are of publishing as a whole, which programs rely on; {@code
   * schema_verdict} stays what the schemas alone call for.
   */
  static void write(List<Obstacle> obstacles, ObjectNode answer) {
    if (obstacles.isEmpty()) {
      return;
    }
    List<String> sentences = new ArrayList<>(List.of(answer.path("detail").asString("")));
    var list = answer.putArray("obstacles");
    for (Obstacle obstacle : obstacles) {
      list.addObject().put("code", obstacle.code().code()).put("detail", obstacle.detail());
      sentences.add(obstacle.detail() + ".");
    }
    answer
        .put("compatible", false)
        .put("verdict", "incompatible")
        .put("detail", String.join(" ", sentences).strip());
  }
}
