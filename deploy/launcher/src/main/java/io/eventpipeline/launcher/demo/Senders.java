package io.eventpipeline.launcher.demo;

import io.eventpipeline.launcher.demo.Generator.Send;
import io.eventpipeline.launcher.demo.Generator.Way;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The generator's thread and one thread for each lane: three lanes for each store.
 *
 * <p>Events of one visit stay on one lane and so in order. Where a lane's queue is full the
 * generator waits: nothing is dropped, and memory stays bounded while the edge is away.
 */
final class Senders {
  private static final Duration QUEUE_WAIT = Duration.ofMillis(200);

  private final Traffic traffic;
  private final List<Map<Way, Lane>> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Lanes from {@code http} to the edge of {@code target}; nothing is sent before {@link #start}.
   */
  Senders(Target target, Traffic traffic, HttpClient http) {
    this.traffic = traffic;
    for (Target.StoreKey store : target.stores()) {
      Map<Way, Lane> ways = new EnumMap<>(Way.class);
      ways.put(Way.STREAM, new StreamLane(traffic, http, target.edge(), store.writeKey()));
      ways.put(
          Way.BATCH,
          new RestLane(
              traffic,
              http,
              target.edge(),
              store.writeKey(),
              List.of(RestLane.Form.ARRAY, RestLane.Form.NDJSON)));
      ways.put(
          Way.SINGLE,
          new RestLane(
              traffic, http, target.edge(), store.writeKey(), List.of(RestLane.Form.SINGLE)));
      lanes.add(ways);
      ways.forEach((way, lane) -> threads.add(daemon(lane, way + "-" + store.store())));
    }
  }

  /** Starts to send what {@code generator} gives, at the pace of {@code bucket}. */
  void start(Generator generator, TokenBucket bucket) {
    threads.add(daemon(() -> generate(generator, bucket), "generator"));
    threads.forEach(Thread::start);
  }

  /** How many connections these are. */
  int connections() {
    return lanes.size() * Way.values().length;
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
      for (Send send = generator.next(); send != null; send = generator.next()) {
        bucket.take();
        LaneQueue queue = lanes.get(send.store()).get(send.way()).queue();
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
      lanes.forEach(ways -> ways.values().forEach(lane -> lane.queue().complete()));
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, "demo-" + name);
    thread.setDaemon(true);
    return thread;
  }

  /** Stops what still runs; what was not answered stays unacknowledged. */
  void stop() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(5).toMillis());
    }
  }
}
