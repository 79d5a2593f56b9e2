package io.eventpipeline.job;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The operator that validates, keyed as in the topology; not open yet. */
final class ValidateHarness
    extends KeyedOneInputStreamOperatorTestHarness<String, Event, CartEvent> {
  ValidateHarness(SchemaSource schemas, JobConfig.Registry registry) throws Exception {
    super(
        new ValidateOperator(schemas, registry, TestEvents.CLOCK), EventKeys::group, Types.STRING);
  }

  /** Opened, with the registry's settings as shipped. */
  static ValidateHarness open(SchemaSource schemas) throws Exception {
    var harness = new ValidateHarness(schemas, TestEvents.registryConfig());
    harness.open();
    return harness;
  }

  /** Returns the event that was sent. */
  Event send(String json) throws Exception {
    Event event = TestEvents.event(json);
    processElement(new StreamRecord<>(event));
    return event;
  }

  List<DeadLetter> refusals() {
    var refusals = getSideOutput(DeadLetters.TAG);
    return refusals == null ? List.of() : refusals.stream().map(StreamRecord::getValue).toList();
  }
}
