package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.lookup.Found;
import io.eventpipeline.job.lookup.Lookups;
import io.eventpipeline.job.lookup.PostgresDriver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Adds the user's profile and the store's configuration; refuses nothing.
 *
 * <p>The task's thread is never blocked and the job never fails here: when neither Redis nor
 * Postgres answers in time, the event goes on without, and {@link LookupStatus} says so. The time
 * is kept here and not by the operator, whose timer for every event, the many that memory answers
 * at once included, would wake a thread each time.
 */
final class EnrichFunction extends RichAsyncFunction<CartEvent, EnrichedEvent> {
  private static final long serialVersionUID = 1L;

  private static final Features NO_FEATURES = new Features(0, 0, false, 0, 0, "", false);
  private static final CompletableFuture<Found<UserProfile>> NO_USER =
      CompletableFuture.completedFuture(new Found<>(null, LookupStatus.NONE));

  private final JobConfig.Redis redis;
  private final JobConfig.Postgres postgres;
  private final JobConfig.Enrich config;
  private transient Lookups lookups;
  private transient ScheduledThreadPoolExecutor limits;

  EnrichFunction(JobConfig.Redis redis, JobConfig.Postgres postgres, JobConfig.Enrich config) {
    this.redis = redis;
    this.postgres = postgres;
    this.config = config;
  }

  @Override
  public void open(OpenContext context) {
    getRuntimeContext()
        .registerUserCodeClassLoaderReleaseHookIfAbsent("postgres", PostgresDriver::release);
    lookups = Lookups.acquire(redis, postgres, config);
    limits =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "enrich-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    limits.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void close() {
    if (limits != null) {
      limits.shutdownNow();
    }
    if (lookups != null) {
      lookups.close();
    }
  }

  @Override
  public void asyncInvoke(CartEvent in, ResultFuture<EnrichedEvent> result) {
    Event event = in.event();
    CompletableFuture<Found<UserProfile>> profile =
        event.userId().isEmpty() ? NO_USER : lookups.profiles().find(event.userId());
    CompletableFuture<Found<StoreConfig>> store = lookups.stores().find(event.storeId());
    if (profile.isDone() && store.isDone()) {
      result.complete(List.of(enriched(in, profile.join(), store.join())));
    } else {
      ScheduledFuture<?> limit =
          limits.schedule(
              () -> timeout(in, result), config.timeout().toMillis(), TimeUnit.MILLISECONDS);
      CompletableFuture<Void> unused = // neither fails, so there is nothing to see in it
          profile.thenAcceptBoth(
              store,
              (user, shop) -> {
                limit.cancel(false);
                result.complete(List.of(enriched(in, user, shop)));
              });
    }
  }

  /**
   * The answer took longer than {@code enrich.timeout}: what memory holds is used. Of two results
   * the operator takes the first.
   */
  @Override
  public void timeout(CartEvent in, ResultFuture<EnrichedEvent> result) {
    Event event = in.event();
    Found<UserProfile> user =
        event.userId().isEmpty() ? NO_USER.join() : lookups.profiles().degraded(event.userId());
    result.complete(List.of(enriched(in, user, lookups.stores().degraded(event.storeId()))));
  }

  private static EnrichedEvent enriched(
      CartEvent in, Found<UserProfile> user, Found<StoreConfig> shop) {
    return new EnrichedEvent(
        in.event(),
        in.upcast(),
        in.cart(),
        profile(user),
        store(shop),
        in.session(),
        NO_FEATURES,
        "");
  }

  private static UserProfile profile(Found<UserProfile> found) {
    UserProfile profile = found.value();
    if (profile == null) {
      return UserProfile.absent(found.status());
    }
    return found.status() == profile.status()
        ? profile
        : new UserProfile(
            profile.segment(),
            profile.country(),
            profile.signupAtMicros(),
            profile.orders(),
            profile.lifetimeValueE4(),
            found.status());
  }

  private static StoreConfig store(Found<StoreConfig> found) {
    StoreConfig store = found.value();
    if (store == null) {
      return StoreConfig.absent(found.status());
    }
    return found.status() == store.status()
        ? store
        : new StoreConfig(
            store.name(), store.timeZone(), store.currency(), store.country(), found.status());
  }
}
