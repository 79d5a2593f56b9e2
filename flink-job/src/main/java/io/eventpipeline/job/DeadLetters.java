package io.eventpipeline.job;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import java.time.Clock;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** How a step refuses an event: it puts a dead letter on this side output and goes on. */
final class DeadLetters {
  static final OutputTag<DeadLetter> TAG =
      new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

  private DeadLetters() {}

  static DeadLetter of(FailureReason reason, String detail, Event event, Clock clock) {
    return new DeadLetter(
        reason, detail, event, Topics.RAW, clock.millis() * 1_000, JobVersion.CURRENT);
  }
}
