package io.eventpipeline.registry;

import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Evolution;
import io.eventpipeline.registry.store.Outline;
import io.eventpipeline.registry.store.Reference;
import io.eventpipeline.registry.store.SchemaStore;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Status;
import io.eventpipeline.schema.SchemaRejectedException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a caller asks about without storing it: {@code schema} with its {@code references}, or the
 * number of a {@code version} that is there, such as a draft.
 */
final class Proposals {
  private static final Set<String> SOURCE = Set.of("schema", "references", "version");
  private static final Set<String> COMPARED =
      Set.of("schema", "references", "version", "level", "policy", "migration", "supersedes");

  private final SchemaStore store;
  private final SchemaIntake intake;

  Proposals(SchemaStore store, SchemaIntake intake) {
    this.store = store;
    this.intake = intake;
  }

  /**
   * As it was asked for.
   *
   * @param version of a schema that is there, 0 for one that is not
   * @param draft whether that one is a draft
   * @param evolution how it is to follow from earlier versions
   * @param level name of the level to try instead of the one in force, {@code ""} for that one
   * @param policy likewise
   */
  record Proposal(
      Content content,
      int version,
      boolean draft,
      Evolution evolution,
      String level,
      String policy) {
    /** What to hold it against, where {@code inForce} holds for the type. */
    Compatibility compatibility(Compatibility inForce) {
      return new Compatibility(
          level.isEmpty() ? inForce.level() : Compatibility.Level.valueOf(level),
          policy.isEmpty() ? inForce.policy() : Compatibility.Policy.valueOf(policy),
          inForce.normalize(),
          inForce.group(),
          inForce.acceptMigrations());
    }

    /** Whether it would follow {@code other}. */
    boolean follows(Outline other) {
      return version == 0 || other.version() < version;
    }
  }

  /** A schema, and how to compare it. */
  Proposal compared(String type, byte[] bytes, Grant grant)
      throws SchemaRejectedException, SQLException {
    ObjectNode body = JsonBody.object(bytes, COMPARED);
    String level = oneOf(body, "level", Compatibility.Level.values());
    String policy = oneOf(body, "policy", Compatibility.Policy.values());
    if (body.path("migration").isString() && grant.rights() != Rights.WRITE) {
      // Each example may cost a second of this server's time
      throw new Problem(Problem.Code.FORBIDDEN, "A migration needs a token that may write");
    }
    return read(type, body, grant, level, policy);
  }

  /** A schema, and nothing else. */
  Proposal plain(String type, byte[] bytes, Grant grant)
      throws SchemaRejectedException, SQLException {
    return read(type, JsonBody.object(bytes, SOURCE), grant, "", "");
  }

  private Proposal read(String type, ObjectNode body, Grant grant, String level, String policy)
      throws SchemaRejectedException, SQLException {
    JsonNode version = body.path("version");
    if (body.has("schema") == !version.isMissingNode()) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST, "either schema or version must be there, and not both");
    }
    if (version.isMissingNode()) {
      List<Reference> references = SchemaDocuments.readReferences(body);
      references.forEach(reference -> grant.require(reference.type()));
      Content content = intake.check(type, body.get("schema"), references, "", false);
      return new Proposal(content, 0, false, evolution(body, Evolution.NONE), level, policy);
    }
    if (!version.isInt() || version.asInt() < 1) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "version must be a number from 1");
    }
    SchemaVersion known = SchemasHandler.find(store, type, version.asInt());
    Evolution evolution = evolution(body, known.evolution());
    boolean draft = known.status() == Status.DRAFT;
    return new Proposal(known.content(), known.version(), draft, evolution, level, policy);
  }

  private static Evolution evolution(ObjectNode body, Evolution absent) {
    return new Evolution(
        EvolutionBody.migration(body, absent.migration()),
        EvolutionBody.supersedes(body, absent.supersedes()));
  }

  private static String oneOf(ObjectNode body, String name, Enum<?>[] values) {
    String text = JsonBody.text(body, name, "", 30);
    List<String> names = Stream.of(values).map(Enum::name).toList();
    if (!text.isEmpty() && !names.contains(text)) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST, name + " must be one of " + String.join(", ", names));
    }
    return text;
  }
}
