package io.eventpipeline.compatibility;

import com.sun.management.ThreadMXBean;
import io.eventpipeline.compatibility.HostilePairs.Pair;
import io.eventpipeline.compatibility.Report.Comparison;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What hostile pairs cost: steps, processor time and allocation, by {@code bench/run check-cost}.
 * Time is printed and never judged; {@link CostTest} judges what is the same on every machine.
 */
final class CheckCost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private CheckCost() {}

  /**
   * @param steps counted
   * @param allocated bytes
   */
  record Cost(Comparison answer, int steps, long allocated, double cpuMillis) {}

  static Cost of(Pair pair, Limits limits) throws Exception {
    Version before = Version.of("1", pair.before());
    Version after = Version.of("2", pair.after());
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long cpu = THREADS.getCurrentThreadCpuTime();
    Comparison answer =
        new CompatibilityChecker(limits)
            .check(after, List.of(before), Mode.FULL, Policy.STRICT)
            .comparisons()
            .get(0);
    double took = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    return new Cost(answer, answer.steps(), allocated, took);
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length == 0 ? 3 : Integer.parseInt(arguments[0]);
    for (int round = 1; round <= rounds; round++) {
      for (Map.Entry<String, Pair> pair : HostilePairs.all().entrySet()) {
        Cost cost = of(pair.getValue(), Limits.DEFAULT);
        System.out.printf(
            Locale.ROOT,
            "%d %-36s %7d steps %8.1f ms %6d ns a step %6.1f MB %s%n",
            round,
            pair.getKey(),
            cost.steps(),
            cost.cpuMillis(),
            (long) (cost.cpuMillis() * 1e6 / cost.steps()),
            cost.allocated() / 1e6,
            cost.answer().verdict());
      }
    }
  }
}
