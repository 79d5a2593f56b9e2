package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/**
 * An event that comes no further, as a duplicate or a dead letter: whoever follows it must not wait
 * for it.
 *
 * @param group {@link EventKeys#group(Event)}
 * @param offset its offset
 * @param follows the offset of the event before it
 */
public record Skipped(String group, long offset, long follows) {
  static final OutputTag<Skipped> TAG =
      new OutputTag<>("skipped", TypeInformation.of(Skipped.class));

  static Skipped of(Event event) {
    return new Skipped(EventKeys.group(event), event.offset(), event.follows());
  }
}
