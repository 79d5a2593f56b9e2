package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentIdentitiesTest {
  private static final Duration TTL = Duration.ofHours(1);
  private static final int BYTES = 100_000;
  private static final int ROOM = (int) (BYTES / 1.5);

  @Test
  void knowsEverythingThatCameWithinATimeToLive() {
    RecentIdentities identities = identities(true);
    note(identities, 0, ROOM / 2, 0);
    note(identities, ROOM / 2, ROOM, TTL.toNanos() - 1);

    assertThat(newOf(identities, 0, ROOM / 2, TTL.toNanos() - 1)).isZero();
    assertThat(newOf(identities, ROOM / 2, ROOM, 2 * TTL.toNanos() - 1)).isZero();
  }

  @Test
  void tellsOfNearlyEveryNewOneWhileThereIsRoom() {
    RecentIdentities identities = identities(true);

    assertThat(newOf(identities, 0, ROOM, 0)).isGreaterThan(ROOM * 97L / 100);
  }

  @Test
  void forgetsAfterTwoTimesToLiveAtTheLatest() {
    RecentIdentities identities = identities(true);
    note(identities, 0, ROOM, 0);

    note(identities, ROOM, ROOM + 1, TTL.toNanos());

    assertThat(newOf(identities, 0, ROOM, 2 * TTL.toNanos())).isGreaterThan(ROOM * 85L / 100);
  }

  @Test
  void callsNothingNewUntilItHasSeenAllThatStateMayRemember() {
    RecentIdentities identities = identities(false);

    assertThat(newOf(identities, 0, ROOM, TTL.toNanos() - 1)).isZero();
    assertThat(newOf(identities, 0, ROOM, TTL.toNanos())).isZero();
    assertThat(newOf(identities, ROOM, ROOM + 100, TTL.toNanos())).isGreaterThan(80);
  }

  @Test
  void callsFewerNewWhenMoreComeThanThereIsRoomForButNoneThatCame() {
    RecentIdentities identities = identities(true);
    int many = 10 * ROOM;

    assertThat(newOf(identities, 0, many, 0)).isBetween(1L, many / 2L);
    assertThat(newOf(identities, 0, many, 0)).isZero();
  }

  private static RecentIdentities identities(boolean knowsAll) {
    return new RecentIdentities(BYTES, TTL, knowsAll, 0);
  }

  private static void note(RecentIdentities identities, int from, int to, long nowNanos) {
    newOf(identities, from, to, nowNanos);
  }

  private static long newOf(RecentIdentities identities, int from, int to, long nowNanos) {
    return IntStream.range(from, to)
        .filter(i -> identities.isNew("store-1\u001f/shop\u001fid-" + i, nowNanos))
        .count();
  }
}
