package io.eventpipeline.job;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventpipeline.contract.Event;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Tells what Postgres should know of a user: every {@code order.completed}, and that the user was
 * seen, at most once in {@code seenEvery} of event time (a restart may repeat it: the write is
 * idempotent).
 */
final class UserActivityFunction extends RichFlatMapFunction<EnrichedEvent, UserActivity> {
  private static final long serialVersionUID = 1L;
  private static final long USERS_REMEMBERED_MAX = 50_000;

  private final Duration seenEvery;
  private transient Cache<String, Long> lastTold;

  UserActivityFunction(Duration seenEvery) {
    this.seenEvery = seenEvery;
  }

  @Override
  public void open(OpenContext context) {
    lastTold =
        Caffeine.newBuilder()
            .maximumSize(USERS_REMEMBERED_MAX)
            .executor(Runnable::run) // no thread of its own
            .build();
  }

  @Override
  public void flatMap(EnrichedEvent in, Collector<UserActivity> out) {
    Event event = in.event();
    if (event.userId().isEmpty()) {
      return;
    }
    if (event.type().equals("order.completed")) {
      CartData data = in.cart();
      out.collect(
          new UserActivity(
              event.userId(),
              event.timeMicros(),
              true,
              event.storeId(),
              event.source(),
              event.id(),
              data.orderId(),
              data.totalE4(),
              data.currency()));
    }
    Long told = lastTold.getIfPresent(event.userId());
    if (told == null || event.timeMicros() - told >= seenEvery.toMillis() * 1_000) {
      lastTold.put(event.userId(), event.timeMicros());
      out.collect(UserActivity.seen(event.userId(), event.timeMicros()));
    }
  }
}
