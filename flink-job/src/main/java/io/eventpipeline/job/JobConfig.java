package io.eventpipeline.job;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import io.eventpipeline.contract.Event;
import io.eventpipeline.job.clickhouse.ClickHouseConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of the job; read where {@code main} runs and sent to the TaskManagers with the
 * operators.
 *
 * <p>What each means and why its default is what it is: {@code config/job.reference.yaml}.
 *
 * @param routes by name: each has the topic {@code cart-events-route-<name>}
 */
public record JobConfig(
    Kafka kafka,
    ClickHouseConfig clickhouse,
    Redis redis,
    Postgres postgres,
    Registry registry,
    Dedup dedup,
    Order order,
    Sessions sessions,
    Enrich enrich,
    Users users,
    Checkpoint checkpoint,
    Restart restart,
    Map<String, Route> routes)
    implements Serializable {

  public JobConfig {
    routes = new TreeMap<>(routes); // one order everywhere
    for (String name : routes.keySet()) {
      Check.that(
          name.matches("[a-z0-9][a-z0-9-]{0,99}"),
          "routes: a name is part of a topic's name and must match [a-z0-9-]{1,100}, was %s",
          name);
    }
    Duration restarting = restart.maxDelay.plus(kafka.lease).plus(registry.startTimeout);
    Duration uncommitted = checkpoint.incompleteMax().plus(restarting);
    Check.that(
        kafka.transactionTimeout.compareTo(uncommitted) > 0,
        "kafka.transactionTimeout (%s) must be longer than the job goes on without a checkpoint and"
            + " then takes to restart: (checkpoint.failuresMax + 1) x (timeout + minPause +"
            + " interval), restart.maxDelay, kafka.lease and registry.startTimeout are %s",
        kafka.transactionTimeout,
        uncommitted);
    Check.that(
        order.remembered().compareTo(checkpoint.incompleteMax()) > 0,
        "order.recent (%s) must be longer than a third of the time that the job goes on without a"
            + " checkpoint: (checkpoint.failuresMax + 1) x (timeout + minPause + interval) are %s",
        order.recent,
        checkpoint.incompleteMax());
    Check.that(
        enrich.timeout.compareTo(redis.timeout.plus(postgres.timeout)) > 0,
        "enrich.timeout (%s) must be longer than redis.timeout and postgres.timeout together",
        enrich.timeout);
  }

  /**
   * Kafka: what is read, what is written and under which name.
   *
   * @param bootstrapServers host:port, comma-separated
   * @param groupId whose committed offsets a start without a checkpoint goes on from
   * @param transactionalIdPrefix unique to this job on the cluster; ends in its only dot, so that
   *     none is the beginning of another
   * @param transactionTimeout from the last complete checkpoint on, the longest downtime without
   *     loss; at most the broker's {@code transaction.max.timeout.ms}
   * @param partitionDiscovery how often new partitions are looked for
   * @param recordBytesMax largest record sent, bytes; at most the topics' {@code max.message.bytes}
   * @param compression of what is written: none, lz4, snappy, gzip or zstd
   * @param lease how long a job that died keeps a second one away from prefix and group
   * @param writtenOff lost transactions that the job is to go on without, as it named them
   */
  public record Kafka(
      String bootstrapServers,
      String groupId,
      String transactionalIdPrefix,
      Duration transactionTimeout,
      Duration partitionDiscovery,
      int recordBytesMax,
      String compression,
      Duration lease,
      List<String> writtenOff)
      implements Serializable {
    private static final Set<String> COMPRESSIONS = Set.of("none", "lz4", "snappy", "gzip", "zstd");

    public Kafka {
      writtenOff = List.copyOf(writtenOff);
      present(bootstrapServers, "kafka.bootstrapServers");
      present(groupId, "kafka.groupId");
      Check.that(
          transactionalIdPrefix.matches("[^\\s.]{1,200}\\."),
          "kafka.transactionalIdPrefix must end in a dot and have no other, was %s",
          transactionalIdPrefix);
      positive(transactionTimeout, "kafka.transactionTimeout");
      positive(partitionDiscovery, "kafka.partitionDiscovery");
      Check.that(
          recordBytesMax >= 16_384,
          "kafka.recordBytesMax must be >= 16384, was %s",
          recordBytesMax);
      Check.that(
          COMPRESSIONS.contains(compression),
          "kafka.compression must be one of %s, was %s",
          new TreeSet<>(COMPRESSIONS),
          compression);
      Check.that(lease.toMillis() >= 2_000, "kafka.lease must be at least PT2S, was %s", lease);
    }
  }

  /**
   * The cache in front of Postgres.
   *
   * @param password {@code ""} for none
   * @param timeout for connecting and for each answer
   * @param ttl how long a value stays cached in Redis
   */
  public record Redis(
      String host, int port, Secret password, Duration timeout, int connectionsMax, Duration ttl)
      implements Serializable {
    public Redis {
      present(host, "redis.host");
      Check.that(port > 0 && port <= 65_535, "redis.port must be in 1..65535, was %s", port);
      positive(timeout, "redis.timeout");
      positive(connectionsMax, "redis.connectionsMax");
      Check.that(ttl.toSeconds() > 0, "redis.ttl must be at least PT1S, was %s", ttl);
    }
  }

  /**
   * The truth about users and stores.
   *
   * @param url JDBC
   * @param timeout for connecting and for each answer; at least 250 ms
   */
  public record Postgres(
      String url, String user, Secret password, Duration timeout, int connectionsMax)
      implements Serializable {
    public Postgres {
      Check.that(
          url.startsWith("jdbc:postgresql:"),
          "postgres.url must be jdbc:postgresql:..., was %s",
          url);
      present(user, "postgres.user");
      Check.that(
          timeout.toMillis() >= 250, "postgres.timeout must be at least PT0.25S, was %s", timeout);
      positive(connectionsMax, "postgres.connectionsMax");
    }
  }

  /**
   * The schema registry.
   *
   * @param url of the schema registry
   * @param token sent as Bearer
   * @param timeout of one request
   * @param startTimeout how long a start waits for the registry before it fails and is retried
   * @param retryEvery how often an event is tried again whose schema nobody could tell
   * @param retryFor for how long it is held for that, before it is refused
   * @param heldMax events that each subtask holds at once, those included that wait behind one
   */
  public record Registry(
      String url,
      Secret token,
      Duration timeout,
      Duration startTimeout,
      Duration retryEvery,
      Duration retryFor,
      int heldMax)
      implements Serializable {
    public Registry {
      Check.that(url.matches("https?://.+"), "registry.url must be http(s)://..., was %s", url);
      positive(timeout, "registry.timeout");
      positive(startTimeout, "registry.startTimeout");
      positive(retryEvery, "registry.retryEvery");
      Check.that(
          retryFor.compareTo(retryEvery) >= 0,
          "registry.retryFor (%s) must not be shorter than registry.retryEvery (%s)",
          retryFor,
          retryEvery);
      positive(heldMax, "registry.heldMax");
    }
  }

  /**
   * Deduplication.
   *
   * @param ttl how long an identity is remembered, 1 second to 7 days
   * @param filterBytes heap of each subtask for filters that spare a look into state ({@link
   *     RecentIdentities}), 1 KiB to 256 MiB
   */
  public record Dedup(Duration ttl, int filterBytes) implements Serializable {
    private static final int FILTER_BYTES_MIN = 1 << 10;
    private static final int FILTER_BYTES_MAX = 256 << 20;

    public Dedup {
      Check.that(
          ttl.toSeconds() >= 1 && ttl.compareTo(Duration.ofDays(7)) <= 0,
          "dedup.ttl must be in PT1S..P7D, was %s",
          ttl);
      Check.that(
          filterBytes >= FILTER_BYTES_MIN && filterBytes <= FILTER_BYTES_MAX,
          "dedup.filterBytes must be in %s..%s, was %s",
          FILTER_BYTES_MIN,
          FILTER_BYTES_MAX,
          filterBytes);
    }
  }

  /**
   * How events of one Kafka key keep their order.
   *
   * @param groupsMax keys whose last event is known, in each subtask
   * @param recent how long, at least, it is known which event of a key passed last
   * @param waitMax how long an event waits at least for the one before it, if that never comes;
   *     before it goes on without, a checkpoint must have shown that
   */
  public record Order(int groupsMax, Duration recent, Duration waitMax) implements Serializable {
    private static final int REMEMBERED_IN_RECENT = 3;

    public Order {
      positive(groupsMax, "order.groupsMax");
      positive(recent, "order.recent");
      positive(waitMax, "order.waitMax");
      Check.that(
          waitMax.compareTo(recent.multipliedBy(REMEMBERED_IN_RECENT)) < 0,
          "order.waitMax (%s) must be shorter than %s times order.recent (%s)",
          waitMax,
          REMEMBERED_IN_RECENT,
          recent);
    }

    /** When state about a key is dropped; longer than anything that is noted there is needed. */
    Duration remembered() {
      return recent.multipliedBy(REMEMBERED_IN_RECENT);
    }
  }

  /**
   * Visits.
   *
   * @param gap silence after which a session is over
   */
  public record Sessions(Duration gap) implements Serializable {
    public Sessions {
      positive(gap, "sessions.gap");
    }
  }

  /**
   * How users and stores are looked up.
   *
   * @param timeout longest that an event waits for its look-ups
   * @param inFlightMax events of one subtask that wait at the same time
   * @param batchMax keys asked for at once
   * @param queueMax keys that wait for the next batch; above it an event goes on without
   * @param memoryEntriesMax values kept in the process, of each kind
   * @param freshFor how long such a value is used without asking again
   * @param missingFreshFor the same for the knowledge that there is none
   * @param staleMax how long it is kept for the case that no backend answers
   * @param failuresMax failures in a row after which a backend is left alone
   * @param breakerPause for how long, at first
   */
  public record Enrich(
      Duration timeout,
      int inFlightMax,
      int batchMax,
      int queueMax,
      long memoryEntriesMax,
      Duration freshFor,
      Duration missingFreshFor,
      Duration staleMax,
      int failuresMax,
      Duration breakerPause)
      implements Serializable {
    public Enrich {
      positive(timeout, "enrich.timeout");
      positive(inFlightMax, "enrich.inFlightMax");
      positive(batchMax, "enrich.batchMax");
      positive(queueMax, "enrich.queueMax");
      Check.that(
          memoryEntriesMax > 0, "enrich.memoryEntriesMax must be > 0, was %s", memoryEntriesMax);
      positive(freshFor, "enrich.freshFor");
      positive(missingFreshFor, "enrich.missingFreshFor");
      Check.that(
          staleMax.compareTo(freshFor) >= 0,
          "enrich.staleMax (%s) must not be shorter than enrich.freshFor (%s)",
          staleMax,
          freshFor);
      positive(failuresMax, "enrich.failuresMax");
      positive(breakerPause, "enrich.breakerPause");
    }
  }

  /**
   * How Postgres is told what users did.
   *
   * @param seenEvery how often at most a user's {@code last_seen} is written
   * @param batchMax rows written at once
   * @param pendingMax rows of one subtask that wait while Postgres is away; then the job waits
   */
  public record Users(Duration seenEvery, int batchMax, int pendingMax) implements Serializable {
    public Users {
      positive(seenEvery, "users.seenEvery");
      positive(batchMax, "users.batchMax");
      Check.that(
          pendingMax >= batchMax, "users.pendingMax must be >= users.batchMax, was %s", pendingMax);
    }
  }

  /**
   * When state is saved.
   *
   * @param interval between two checkpoints; output becomes visible with each
   * @param timeout after which one is given up
   * @param minPause between the end of one and the start of the next
   * @param failuresMax in a row before the job restarts
   */
  public record Checkpoint(Duration interval, Duration timeout, Duration minPause, int failuresMax)
      implements Serializable {
    public Checkpoint {
      positive(interval, "checkpoint.interval");
      positive(timeout, "checkpoint.timeout");
      Check.that(!minPause.isNegative(), "checkpoint.minPause must be >= PT0S, was %s", minPause);
      Check.that(failuresMax >= 0, "checkpoint.failuresMax must be >= 0, was %s", failuresMax);
    }

    /** Longest that the job goes on without a complete checkpoint before it restarts. */
    Duration incompleteMax() {
      return timeout.plus(minPause).plus(interval).multipliedBy(failuresMax + 1L);
    }
  }

  /**
   * What follows a failure of the job.
   *
   * @param initialDelay before the first restart
   * @param maxDelay before any, as delays grow
   */
  public record Restart(Duration initialDelay, Duration maxDelay) implements Serializable {
    public Restart {
      positive(initialDelay, "restart.initialDelay");
      Check.that(
          maxDelay.compareTo(initialDelay) >= 0,
          "restart.maxDelay (%s) must not be shorter than restart.initialDelay (%s)",
          maxDelay,
          initialDelay);
    }
  }

  /**
   * Which events a routed topic gets.
   *
   * @param types event types it takes, empty = all
   * @param stores store ids, empty = all
   */
  public record Route(List<String> types, List<String> stores) implements Serializable {
    public Route {
      types = List.copyOf(types);
      stores = List.copyOf(stores);
    }

    boolean takes(Event event) {
      return (types.isEmpty() || types.contains(event.type()))
          && (stores.isEmpty() || stores.contains(event.storeId()));
    }
  }

  private static void present(String value, String key) {
    Check.that(!value.isBlank(), "%s must not be blank", key);
  }

  private static void positive(Duration value, String key) {
    Check.that(value.toMillis() > 0, "%s must be > 0, was %s", key, value);
  }

  private static void positive(int value, String key) {
    Check.that(value > 0, "%s must be > 0, was %s", key, value);
  }
}
