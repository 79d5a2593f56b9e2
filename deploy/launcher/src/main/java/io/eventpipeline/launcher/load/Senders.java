package io.eventpipeline.launcher.load;

import io.eventpipeline.launcher.load.Generator.Send;
import io.eventpipeline.launcher.load.Generator.Way;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The generator's thread and one thread for each lane: for each store one WebSocket, one connection
 * for batches and {@value #SINGLE_LANES} for single events.
 *
 * <p>Events of one visit stay on one lane and so in order. Where a lane's queue is full the
 * generator waits: nothing is dropped, and memory stays bounded while the edge is away.
 */
final class Senders {
  /** A connection waits for each answer, so that one would be much slower than the other ways. */
  private static final int SINGLE_LANES = 4;

  private static final Duration QUEUE_WAIT = Duration.ofMillis(200);

  private final Traffic traffic;
  private final List<Map<Way, List<Lane>>> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean finished;

  /**
   * Lanes from {@code http} to the edge of {@code target}; nothing is sent before {@link #start}.
   */
  Senders(Target target, Traffic traffic, HttpClient http) {
    this.traffic = traffic;
    for (Target.StoreKey store : target.stores()) {
      Map<Way, List<Lane>> ways = new EnumMap<>(Way.class);
      for (Way way : Way.values()) {
        List<Lane> alike = new ArrayList<>();
        for (int i = 0; i < (way == Way.SINGLE ? SINGLE_LANES : 1); i++) {
          Lane lane = lane(way, target, store, http);
          alike.add(lane);
          threads.add(daemon(lane, way + "-" + store.store() + "-" + i));
        }
        ways.put(way, alike);
      }
      lanes.add(ways);
    }
  }

  private Lane lane(Way way, Target target, Target.StoreKey store, HttpClient http) {
    return switch (way) {
      case STREAM -> new StreamLane(traffic, target.edge(), store.writeKey());
      case BATCH -> rest(target, store, http, List.of(RestLane.Form.ARRAY, RestLane.Form.NDJSON));
      case SINGLE -> rest(target, store, http, List.of(RestLane.Form.SINGLE));
    };
  }

  private Lane rest(
      Target target, Target.StoreKey store, HttpClient http, List<RestLane.Form> forms) {
    return new RestLane(traffic, http, target.edge(), store.writeKey(), forms);
  }

  /** Starts to send what {@code generator} gives, at the pace of {@code bucket}. */
  void start(Generator generator, TokenBucket bucket) {
    threads.add(daemon(() -> generate(generator, bucket), "generator"));
    threads.forEach(Thread::start);
  }

  /** How many connections these are; asked before the start. */
  int connections() {
    return threads.size();
  }

  /** Whether everything was generated, sent and answered, or given up. */
  boolean areDone() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  /** Waits until everything is done, at most {@code time}. */
  void await(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    for (Thread thread : threads) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      thread.join(Math.max(1, left / 1_000_000));
    }
  }

  private void generate(Generator generator, TokenBucket bucket) {
    try {
      for (Send send = next(generator); send != null; send = next(generator)) {
        bucket.take();
        List<Lane> alike = lanes.get(send.store()).get(send.way());
        LaneQueue queue = alike.get(send.visit() % alike.size()).queue();
        while (!queue.offer(send.outgoing(), QUEUE_WAIT)) {
          if (traffic.hasFailed()) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      traffic.fail(e);
    } finally {
      lanes.forEach(
          ways -> ways.values().forEach(alike -> alike.forEach(lane -> lane.queue().complete())));
    }
  }

  private Send next(Generator generator) {
    return finished ? generator.prepared() : generator.next();
  }

  /** Nothing more is generated; what was is sent. */
  void finish() {
    finished = true;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, "load-" + name);
    thread.setDaemon(true);
    return thread;
  }

  /** Stops what still runs; what was not answered stays unacknowledged. */
  void stop() throws InterruptedException {
    interrupt();
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(5).toMillis());
    }
  }

  /** As {@link #stop}, without waiting. */
  void interrupt() {
    threads.forEach(Thread::interrupt);
  }
}
