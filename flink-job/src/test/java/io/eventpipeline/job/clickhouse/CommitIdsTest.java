package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitIdsTest {
  @Test
  void risesEvenWhenTheClockSteps() {
    var clock = new SteppingClock(List.of(1_000L, 5_000L, 2_000L, 6_000L).iterator());
    var ids = new CommitIds(clock, "0123456789abcdef", 3, 7);
    List<String> given = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      given.add(ids.next());
    }

    assertThat(given).isSorted().doesNotHaveDuplicates();
    assertThat(given.get(0)).matches("0000000001000-01234567-3-7-[0-9a-f]{8}-000000");
  }

  @Test
  void differsBetweenWritersOfTheSameName() {
    var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    var seen = new HashSet<String>();
    for (int i = 0; i < 100; i++) {
      seen.add(new CommitIds(clock, "job", 0, 0).next());
    }

    assertThat(seen).hasSize(100);
  }

  private static final class SteppingClock extends Clock {
    private final Iterator<Long> millis;

    private SteppingClock(Iterator<Long> millis) {
      this.millis = millis;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis.next());
    }
  }
}
