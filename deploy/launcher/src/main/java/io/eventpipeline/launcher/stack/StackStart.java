package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.services.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings a stack up: every step runs as soon as what it needs is there, since on two cores most of
 * the time is spent loading classes and waiting.
 *
 * <pre>
 * postgres -> migrate postgres -> schema registry --+
 * kafka -> topics ----------------------------------+-> edge
 * clickhouse -> migrate clickhouse -----------------+
 * JobManager -> upload of the job's jar ------------+-> job -> first checkpoint
 * TaskManagers, redis
 * </pre>
 */
final class StackStart {
  /** Ten times what a busy laptop needs: a bound, not an expectation. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final Duration JOB_LIMIT = Duration.ofMinutes(5);

  private final StackPlan plan;
  private final StackComponents components;
  private final JobKeeper job;
  private final Console console;
  private final CompletableFuture<Object> failed = new CompletableFuture<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(task -> StateWriter.daemon(task, "start"));

  StackStart(StackPlan plan, StackComponents components, JobKeeper job, Console console) {
    this.plan = plan;
    this.components = components;
    this.job = job;
    this.console = console;
  }

  /**
   * Returns when an event sent to the edge can reach ClickHouse.
   *
   * @throws CommandException with the first step that failed and why
   */
  void run() throws InterruptedException {
    StackConfig config = new StackConfig(plan);
    config.write();
    try {
      await(graph(config.topics()));
    } finally {
      threads.shutdownNow();
    }
  }

  private CompletableFuture<Object> graph(Map<String, Integer> topics) {
    RunningStack stack = new RunningStack(plan.ports(), plan.home().data());
    var postgres = component(components.postgres());
    var tables = step("tables in Postgres", () -> migratePostgres(stack), postgres);
    var brokers =
        components.brokers().stream().map(this::component).toArray(CompletableFuture<?>[]::new);
    var made =
        step("topics", () -> KafkaTopics.create(stack.kafkaBootstrapServers(), topics), brokers);
    var clickhouse = component(components.clickhouse());
    var columns = step("tables in ClickHouse", () -> migrateClickHouse(stack), clickhouse);
    var redis = component(components.redis());
    var jobManager = component(components.jobManager());
    var jar = new CompletableFuture<String>();
    var upload = step("upload of the job", () -> jar.complete(job.upload()), jobManager);
    List<CompletableFuture<Void>> taskManagers =
        components.taskManagers().stream().map(this::component).toList();
    var registry = component(components.registry(), tables);
    var edge = component(components.edge(), tables, made);

    List<CompletableFuture<Void>> before = new ArrayList<>(taskManagers);
    before.addAll(List.of(tables, made, columns, redis, upload, registry));
    var submitted =
        step(
            "job submitted",
            () -> console.line("  job starts " + job.submit(jar.join())),
            before.toArray(CompletableFuture<?>[]::new));
    var running = step("job runs, first checkpoint", () -> job.awaitRunning(JOB_LIMIT), submitted);
    return CompletableFuture.anyOf(failed, CompletableFuture.allOf(edge, running));
  }

  private static void migratePostgres(RunningStack stack) {
    Migrations.postgres(
        stack.postgresJdbcUrl(), LocalAccess.POSTGRES_USER, LocalAccess.POSTGRES_PASSWORD, true);
  }

  private static void migrateClickHouse(RunningStack stack) {
    Migrations.clickhouse(
        stack.clickhouse().toString(), LocalAccess.ADMIN_USER, LocalAccess.ADMIN_PASSWORD);
  }

  private interface Step {
    void run() throws Exception;
  }

  private CompletableFuture<Void> component(Component component, CompletableFuture<?>... after) {
    return known(CompletableFuture.allOf(after).thenRunAsync(component::start, threads));
  }

  private CompletableFuture<Void> step(String name, Step step, CompletableFuture<?>... after) {
    return known(
        CompletableFuture.allOf(after)
            .thenRunAsync(
                () -> {
                  long begin = System.nanoTime();
                  try {
                    step.run();
                  } catch (Exception e) {
                    throw new CompletionException(name, e);
                  }
                  console.step(name, Duration.ofNanos(System.nanoTime() - begin));
                },
                threads));
  }

  /** The failure of any step is the failure of the whole, at once. */
  private CompletableFuture<Void> known(CompletableFuture<Void> future) {
    return future.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            failed.completeExceptionally(failure);
          }
        });
  }

  private static void await(CompletableFuture<Object> ready) throws InterruptedException {
    try {
      ready.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandException("not ready within " + LIMIT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private static CommandException failure(Throwable failure) {
    String step = "";
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      String message = cause.getMessage();
      step = message == null || message.contains("Exception") ? step : message + ": ";
      cause = cause.getCause();
    }
    boolean spoken = cause instanceof CommandException || cause instanceof ServiceException;
    return new CommandException(step + (spoken ? cause.getMessage() : cause.toString()), cause);
  }
}
