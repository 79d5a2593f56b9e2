package io.eventpipeline.registry;

import io.eventpipeline.registry.Proposals.Proposal;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Judgement;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.registry.warehouse.ColumnPlanner;
import io.eventpipeline.registry.warehouse.EventSampler;
import io.eventpipeline.registry.warehouse.SampleReport;
import io.eventpipeline.registry.warehouse.SampleRequest;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /schemas/{type}/check}: could this schema be published, and if not, why; with {@code
 * sample} also what it would do to the events that are stored. Changes nothing.
 */
final class CheckHandler {
  private static final Set<String> PARAMETERS = Set.of("sample");

  private final Stores stores;
  private final Proposals proposals;
  private final CompatibilityRule rule;
  private final Optional<EventSampler> sampler;
  private final Workers workers;
  private final Workers longWorkers;

  CheckHandler(
      Stores stores,
      Proposals proposals,
      CompatibilityRule rule,
      Optional<EventSampler> sampler,
      Workers workers,
      Workers longWorkers) {
    this.stores = stores;
    this.proposals = proposals;
    this.rule = rule;
    this.sampler = sampler;
    this.workers = workers;
    this.longWorkers = longWorkers;
  }

  private record Checked(Proposal proposal, ObjectNode answer) {}

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
                  write(sample(events, type, wanted, checked.proposal()), checked.answer());
                  return checked.answer();
                },
                answer -> send(ctx, answer)));
  }

  private Checked check(String type, byte[] body, Grant grant)
      throws SchemaRejectedException, SQLException {
    Proposal proposal = proposals.compared(type, body, grant);
    ColumnPlanner.fields(proposal.content()); // to say now what publishing would say later
    List<SchemaVersion> live = stores.schemas().live(type);
    Compatibility asked = proposal.compatibility(stores.settings().compatibilityInForce(type));
    Judgement judgement =
        rule.judge(proposal.content(), live.stream().filter(proposal::follows).toList(), asked);
    ObjectNode answer = JsonBody.JSON.createObjectNode();
    answer.put("type", type).put("compatible", judgement.compatible());
    live.stream()
        .filter(schema -> schema.content().sha256().equals(proposal.content().sha256()))
        .findFirst()
        .ifPresent(same -> answer.put("same_as", same.version()));
    JudgementDocument.write(judgement, answer);
    answer.put("detail", String.join(" ", judgement.objections()));
    return new Checked(proposal, answer);
  }

  private SampleReport sample(
      EventSampler events, String type, SampleRequest wanted, Proposal proposal)
      throws SchemaRejectedException, SQLException {
    CompiledSchema compiled =
        CompiledSchema.compile(
            0, type, 0, JsonBody.JSON.readTree(proposal.content().selfContained()));
    Optional<SchemaVersion> newest = stores.schemas().newest(type);
    Optional<CompiledSchema> current = Optional.empty();
    if (newest.isPresent()) {
      SchemaVersion schema = newest.get();
      current =
          Optional.of(
              CompiledSchema.compile(
                  schema.id(),
                  type,
                  schema.version(),
                  JsonBody.JSON.readTree(schema.content().selfContained())));
    }
    return events.run(type, wanted, compiled, current);
  }

  private static void write(SampleReport report, ObjectNode answer) {
    ObjectNode sample = answer.putObject("sample");
    sample
        .put("sentence", report.sentence())
        .put("events", report.events())
        .put("rejected", report.rejected())
        .put("rejected_already", report.rejectedAlready())
        .put("undecodable", report.undecodable())
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
      node.putObject("example")
          .put("event_id", reason.example().eventId())
          .put("source", reason.example().source())
          .put("store_id", reason.example().storeId())
          .put("received_at", reason.example().receivedAt().toString());
    }
    sample.put("more_reasons", report.moreReasons());
  }

  private static void send(RoutingContext ctx, ObjectNode answer) {
    ctx.response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(SchemaDocuments.bytes(answer)));
  }
}
