package io.eventpipeline.registry;

import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.registry.Obstacles.Obstacle;
import io.eventpipeline.registry.Proposals.Proposal;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Judgement;
import io.eventpipeline.registry.store.LiveVersions;
import io.eventpipeline.registry.store.MigrationRule;
import io.eventpipeline.registry.store.MigrationRule.Trial;
import io.eventpipeline.registry.store.Outline;
import io.eventpipeline.registry.store.Requirement;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.registry.warehouse.EventSampler;
import io.eventpipeline.registry.warehouse.Proposed;
import io.eventpipeline.registry.warehouse.SampleReport;
import io.eventpipeline.registry.warehouse.SampleRequest;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaRejectedException;
import io.eventpipeline.schema.migration.Migration;
import io.eventpipeline.schema.migration.MigrationRejectedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /schemas/{type}/check}: could this schema be published, and if not, why; with {@code
 * migration} also whether that works, and with {@code sample} what both would do to the events that
 * are stored. Changes nothing.
 */
final class CheckHandler {
  private static final Set<String> PARAMETERS = Set.of("sample");

  private final Stores stores;
  private final Proposals proposals;
  private final CompatibilityRule rule;
  private final MigrationRule migrations;
  private final Obstacles obstacles;
  private final Optional<EventSampler> sampler;
  private final Workers workers;
  private final Workers longWorkers;

  CheckHandler(
      Stores stores,
      Proposals proposals,
      CompatibilityRule rule,
      MigrationRule migrations,
      Obstacles obstacles,
      Optional<EventSampler> sampler,
      Workers workers,
      Workers longWorkers) {
    this.stores = stores;
    this.proposals = proposals;
    this.rule = rule;
    this.migrations = migrations;
    this.obstacles = obstacles;
    this.sampler = sampler;
    this.workers = workers;
    this.longWorkers = longWorkers;
  }

  private record Checked(Proposal proposal, Optional<SchemaVersion> before, ObjectNode answer) {}

  /** Answers 200 whether it is compatible or not; 422 when it is no schema that can be accepted. */
  void check(RoutingContext ctx) {
    Parameters.allow(ctx, PARAMETERS);
    String type = Parameters.type(ctx);
    byte[] body = JsonBody.bytes(ctx);
    Grant grant = Access.grant(ctx);
    if (!ctx.queryParams().contains("sample")) {
      workers.run(ctx, () -> check(type, body, grant), checked -> send(ctx, checked.answer()));
      return;
    }
    SampleRequest wanted = SampleRequest.parse(ctx.queryParams().get("sample"));
    if (grant.rights() != Rights.WRITE) {
      // It names stored events, and costs the warehouse what an analyst's question does
      throw new Problem(Problem.Code.FORBIDDEN, "A sample needs a token that may write");
    }
    EventSampler events =
        sampler.orElseThrow(
            () ->
                new Problem(
                    Problem.Code.CLICKHOUSE_NOT_CONFIGURED,
                    "sample needs ClickHouse, and this registry has none"));
    workers.run(
        ctx,
        () -> check(type, body, grant),
        checked ->
            longWorkers.run(
                ctx,
                () -> {
                  write(sample(events, type, wanted, checked), checked.answer());
                  return checked.answer();
                },
                answer -> send(ctx, answer)));
  }

  private Checked check(String type, byte[] body, Grant grant)
      throws SchemaRejectedException, SQLException {
    Proposal proposal = proposals.compared(type, body, grant);
    List<Outline> published = stores.schemas().outlines(type);
    List<Obstacle> inTheWay = obstacles.of(proposal, published);
    LiveVersions earlier = stores.schemas().live(type).where(proposal::follows);
    Optional<SchemaVersion> before = earlier.newest();
    Optional<Trial> trial = migrate(proposal, before);
    Compatibility asked = proposal.compatibility(stores.settings().compatibilityInForce(type));
    Judgement judgement = judge(proposal, earlier, asked, trial);
    ObjectNode answer = JsonBody.JSON.createObjectNode();
    answer.put("type", type).put("compatible", judgement.compatible());
    published.stream()
        .filter(version -> version.live() && version.sha256().equals(proposal.content().sha256()))
        .findFirst()
        .ifPresent(same -> answer.put("same_as", same.version()));
    JudgementDocument.write(judgement, answer);
    answer.set("schema_verdict", answer.path("verdict"));
    answer.put("detail", String.join(" ", judgement.objections()));
    Obstacles.write(inTheWay, answer);
    trial.ifPresent(tried -> write(tried, before, answer));
    return new Checked(proposal, before, answer);
  }

  private Optional<Trial> migrate(Proposal proposal, Optional<SchemaVersion> before) {
    String migration = proposal.evolution().migration();
    if (migration.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        before
            .map(version -> migrations.attempt(migration, version, proposal.content()))
            .orElseGet(
                () -> new Trial(0, List.of("There is no published version to migrate from."))));
  }

  /** All that publishing would ask, as one. */
  private Judgement judge(
      Proposal proposal, LiveVersions earlier, Compatibility asked, Optional<Trial> trial)
      throws SQLException {
    int examples = trial.filter(t -> t.objections().isEmpty()).map(Trial::examples).orElse(0);
    List<Comparison> comparisons = new ArrayList<>();
    List<String> objections = new ArrayList<>();
    for (Requirement requirement : Requirement.of(earlier, asked, examples)) {
      Judgement part = rule.judge(proposal.content(), requirement.earlier(), requirement.asked());
      comparisons.addAll(part.comparisons());
      objections.addAll(part.objections());
    }
    return new Judgement(asked, comparisons, objections);
  }

  private static void write(Trial trial, Optional<SchemaVersion> before, ObjectNode answer) {
    ObjectNode migration = answer.putObject("migration");
    before.ifPresent(version -> migration.put("from", version.version()));
    migration.put("works", trial.objections().isEmpty()).put("examples", trial.examples());
    trial.objections().forEach(migration.putArray("objections")::add);
  }

  private SampleReport sample(
      EventSampler events, String type, SampleRequest wanted, Checked checked)
      throws SchemaRejectedException, SQLException {
    Proposal proposal = checked.proposal();
    Optional<SchemaVersion> newest = stores.schemas().newest(type);
    return events.run(
        type,
        wanted,
        new Proposed(
            compiled(type, 0, proposal.content()),
            newest.isEmpty()
                ? Optional.empty()
                : Optional.of(compiled(type, newest.get().version(), newest.get().content())),
            SchemaDocuments.readings(stores.schemas(), type),
            migration(proposal.evolution().migration()),
            checked.before().map(SchemaVersion::version).orElse(0),
            proposal.evolution().supersedes()));
  }

  private static CompiledSchema compiled(String type, int version, Content content)
      throws SchemaRejectedException {
    return CompiledSchema.compile(
        0, type, version, JsonBody.JSON.readTree(content.selfContained()));
  }

  private static Optional<Migration> migration(String expression) {
    try {
      return expression.isEmpty() ? Optional.empty() : Optional.of(Migration.compile(expression));
    } catch (MigrationRejectedException e) {
      throw new Problem(Problem.Code.MIGRATION_REJECTED, "migration " + e.getMessage());
    }
  }

  private static void write(SampleReport report, ObjectNode answer) {
    ObjectNode sample = answer.putObject("sample");
    sample
        .put("sentence", report.sentence())
        .put("events", report.events())
        .put("rejected", report.rejected())
        .put("rejected_already", report.rejectedAlready())
        .put("undecodable", report.undecodable())
        .put("migrated", report.migrated())
        .put("migration_failed", report.migrationFailed())
        .put("from", report.from().toString())
        .put("to", report.to().toString())
        .put("matching", report.matching())
        .put("one_in", report.oneIn())
        .put("complete", report.stoppedBy().isEmpty())
        .put("stopped_by", report.stoppedBy().isEmpty() ? null : report.stoppedBy());
    ArrayNode reasons = sample.putArray("reasons");
    for (SampleReport.Reason reason : report.reasons()) {
      ObjectNode node = reasons.addObject();
      node.put("pointer", reason.pointer())
          .put("keyword", reason.keyword())
          .put("count", reason.count());
      write(reason.example(), node);
    }
    sample.put("more_reasons", report.moreReasons());
    ArrayNode failures = sample.putArray("migration_failures");
    for (SampleReport.Failure failure : report.failures()) {
      ObjectNode node = failures.addObject();
      write(failure.example(), node.put("why", failure.why()).put("count", failure.count()));
    }
  }

  private static void write(SampleReport.Example example, ObjectNode node) {
    node.putObject("example")
        .put("event_id", example.eventId())
        .put("source", example.source())
        .put("store_id", example.storeId())
        .put("received_at", example.receivedAt().toString());
  }

  private static void send(RoutingContext ctx, ObjectNode answer) {
    ctx.response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(SchemaDocuments.bytes(answer)));
  }
}
