package io.eventpipeline.job;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTypesTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        RawEvent.class,
        Event.class,
        DeadLetter.class,
        EnrichedEvent.class,
        UserActivity.class,
        Session.class
      })
  void isSerializedByFlinkItselfAndNeverByKryo(Class<?> type) {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
  }
}
