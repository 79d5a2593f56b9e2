package io.eventpipeline.job;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.job.kafka.OpenTransactions;
import io.eventpipeline.job.lease.Lease;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * {@code list|abort --config FILE}: the Kafka transactions that are open under the job's prefix,
 * for an operator whose readers of committed records stand still.
 *
 * <p>{@code abort} ends them all, and so is refused while the job runs: it would lose what its last
 * checkpoint wrote. After the job died it loses the same if the job is to be restored from that
 * checkpoint: start the job instead, it commits its own and aborts the rest. Abort is for a job
 * that will not come back, or not under this prefix. Exit status 0, or 1 with one line.
 */
public final class TransactionsMain {
  private static final String USAGE = "usage: list|abort --config FILE";

  private TransactionsMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err)
      throws InterruptedException {
    if (arguments.size() != 3
        || !List.of("list", "abort").contains(arguments.get(0))
        || !arguments.get(1).equals("--config")) {
      err.println(USAGE);
      return 1;
    }
    try {
      JobConfig config =
          ConfigReader.read(JobConfig.class, Path.of(arguments.get(2)), "JOB", environment);
      boolean abort = arguments.get(0).equals("abort");
      if (abort) {
        Lease.awaitFree(KafkaOutput.leaseTerms(config));
      }
      try (var transactions =
          new OpenTransactions(
              KafkaOutput.connection(config.kafka()), config.kafka().transactionalIdPrefix())) {
        List<OpenTransactions.Open> open = transactions.list();
        print(open, out);
        if (abort) {
          transactions.abort(open);
          out.printf("aborted %d%n", open.size());
        }
      }
      return 0;
    } catch (ConfigException | StartRefusedException e) {
      err.println(e.getMessage());
    } catch (ExecutionException e) {
      err.println("Kafka: " + e.getCause().getMessage());
    }
    return 1;
  }

  private static void print(List<OpenTransactions.Open> open, PrintStream out) {
    out.println("transactional id\tproducer\tepoch\tage s\taborted by Kafka in s\tpartitions");
    for (OpenTransactions.Open one : open) {
      out.printf(
          "%s\t%d\t%d\t%d\t%d\t%s%n",
          one.id(),
          one.producerId(),
          one.epoch(),
          seconds(one.age()),
          seconds(one.endsIn()),
          one.partitions());
    }
  }

  private static long seconds(Duration duration) {
    return duration.toMillis() / 1_000;
  }
}
