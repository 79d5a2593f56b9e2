package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.Command.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code kill -9} of every process of the stack while the demo sends. {@code -Dseed=S} repeats the
 * events and the times of the kills.
 */
@ExtendWith(SharedStack.class)
class DemoThroughKillsIT {
  private static final int EVENTS = 50_000;
  private static final int RATE = 2_000;

  /** The first kill comes when the job is at work, the last while there is still much to send. */
  private static final Duration FIRST_KILL = Duration.ofSeconds(1);

  private static final Duration LAST_KILL = Duration.ofSeconds(EVENTS / RATE * 3 / 4);

  /** Some twenty times what it takes: the demo itself gives up when nothing moves. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final List<String> COMPONENTS =
      List.of(
          "flink-taskmanager-1",
          "redis",
          "clickhouse",
          "postgres",
          "edge",
          "kafka",
          "flink-jobmanager",
          "schema-registry");

  private static final Pattern SENT = Pattern.compile("sent ([0-9,]+) ");

  private record Kill(long atMillis, String component) {}

  @Test
  void reconcilesExactlyAlthoughEveryServerIsKilled(LocalStack stack) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    List<Kill> kills = kills(new Random(seed));
    stack.ensureReady();
    Map<String, Integer> returns = new HashMap<>();
    COMPONENTS.forEach(component -> returns.put(component, stack.returns(component)));

    Command demo =
        stack.startHere(
            "demo",
            "--events",
            Integer.toString(EVENTS),
            "--rate",
            Integer.toString(RATE),
            "--seed",
            Long.toString(seed));
    await().atMost(LIMIT).until(() -> sent(demo) > 0 || !demo.isAlive());
    long begin = System.nanoTime();
    for (Kill kill : kills) {
      await().atMost(LIMIT).until(() -> millisSince(begin) >= kill.atMillis());
      stack.kill(kill.component());
    }
    long sentBeforeLastKill = sent(demo);
    Answer answer = demo.end(LIMIT);

    System.out.printf(
        "seed %d, %d events at %d/s, kill -9 of %s%n%s%n", seed, EVENTS, RATE, kills, answer.out());
    assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
    assertThat(answer.out())
        .containsPattern("\\blost 0\\b")
        .containsPattern("\\bdoubled 0\\b")
        .containsPattern("\\bphantom 0\\b")
        .containsPattern("acked [0-9,]+ = processed .*: holds");
    assertThat(sentBeforeLastKill).isLessThan(EVENTS);
    for (String component : COMPONENTS) {
      assertThat(stack.returns(component))
          .as("%s was brought back", component)
          .isGreaterThan(returns.get(component));
    }
    assertThat(stack.ask("status").code()).isZero();
  }

  private static List<Kill> kills(Random random) {
    List<String> order = new ArrayList<>(COMPONENTS);
    Collections.shuffle(order, random);
    List<Kill> kills = new ArrayList<>();
    for (String component : order) {
      long at = random.nextLong(FIRST_KILL.toMillis(), LAST_KILL.toMillis());
      kills.add(new Kill(at, component));
    }
    kills.sort(Comparator.comparingLong(Kill::atMillis));
    return kills;
  }

  /** As of the demo's newest line, which is a second old at most. */
  private static long sent(Command demo) {
    Matcher lines = SENT.matcher(demo.printed());
    long sent = 0;
    while (lines.find()) {
      sent = Long.parseLong(lines.group(1).replace(",", ""));
    }
    return sent;
  }

  private static long millisSince(long beginNanos) {
    return (System.nanoTime() - beginNanos) / 1_000_000;
  }
}
