package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.services.Service;
import io.eventpipeline.services.ServiceException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The whole system on this machine, from its first process to its last.
 *
 * <p>{@link #open} takes the port offset and the data directory for this launcher, {@link #start}
 * brings everything up, {@link #supervise} keeps it up until {@link #requestStop}, {@link #close}
 * takes it down. One thread drives it; only {@link #requestStop} and the faults ({@link #kill},
 * {@link #pause}, {@link #resume}) may come from any other.
 */
public final class Stack implements AutoCloseable {
  private final StackPlan plan;
  private final StackLock lock;
  private final Console console;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread driver = Thread.currentThread();
  private StackComponents components;
  private StateWriter state;
  private JobKeeper job;

  private Stack(StackPlan plan, StackLock lock, Console console) {
    this.plan = plan;
    this.lock = lock;
    this.console = console;
  }

  /**
   * Takes port offset and data for this launcher, kills what a dead one left behind, and empties
   * the data directory if {@code fresh}. Starts nothing yet.
   *
   * @throws CommandException when another stack has them, or a port is taken; data is as before
   */
  public static Stack open(StackPlan plan, boolean fresh, PrintStream out) {
    Console console = new Console(out);
    StackLock lock = StackLock.acquire(plan.home(), plan.ports().offset());
    try {
      Orphans.end(plan.home().state(plan.ports().offset()), console);
      TakenPorts.check(plan.ports());
      DataDirectory.prepare(plan.home(), fresh);
      return new Stack(plan, lock, console);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Where it answers once it is ready. */
  public RunningStack address() {
    return new RunningStack(plan.ports(), plan.home().data());
  }

  /**
   * Starts everything and returns when an event sent to the edge can reach ClickHouse.
   *
   * @return how long that took since {@link #open}
   * @throws CommandException when a part does not come up; the message says which and why
   * @throws InterruptedException when a stop was requested meanwhile
   */
  public Duration start() throws InterruptedException {
    console.line("Data in " + plan.home().data());
    components = StackComponents.create(plan, console, InstantSource.system());
    state = new StateWriter(plan, components, console);
    job = new JobKeeper(new FlinkRest(address().flink()), plan, console, InstantSource.system());
    state.start(StackState.Phase.STARTING);
    new StackStart(plan, components, job, console).run();
    state.phase(StackState.Phase.READY);
    return console.elapsed();
  }

  /** Restarts what dies, until a stop is requested. */
  public void supervise() {
    try (Supervisor supervisor = new Supervisor(components, job, console)) {
      supervisor.start();
      stopRequested.await();
    } catch (InterruptedException e) {
      // The same request, seen from the driving thread: what follows is close().
      Thread.interrupted();
    }
  }

  /**
   * SIGKILL to a component, past whatever waits for it; {@link #supervise} brings it back. Any
   * thread.
   *
   * @param component as {@code status} names it
   * @return whether there was a process to kill
   */
  public boolean kill(String component) {
    return component(component).kill();
  }

  /**
   * SIGSTOP to a component: its sockets stay open, nothing answers. Waits while it is being
   * started. Any thread.
   *
   * @return whether there was a process to stop
   */
  public boolean pause(String component) {
    return signal(component(component).service(), Service::pause);
  }

  /** SIGCONT, after {@link #pause}; a component that was killed meanwhile is left alone. */
  public boolean resume(String component) {
    return signal(component(component).service(), Service::resume);
  }

  private static boolean signal(Service service, Consumer<Service> signal) {
    if (service.pid().isEmpty()) {
      return false;
    }
    try {
      signal.accept(service);
      return true;
    } catch (ServiceException endedMeanwhile) {
      return false;
    }
  }

  private Component component(String name) {
    return components.all().stream()
        .filter(component -> component.name().equals(name))
        .findAny()
        .orElseThrow(() -> new CommandException("the stack has no component " + name));
  }

  /** Makes {@link #start} or {@link #supervise} return soon. Never blocks. */
  public void requestStop() {
    if (!stopping.getAndSet(true)) {
      // In this order: once it has been let go, an interrupt would cut close() short.
      driver.interrupt();
      stopRequested.countDown();
    }
  }

  /**
   * Stops everything that was started, within 20 s: the edge, so that nothing new is promised; the
   * job, with a savepoint; then the rest.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    Thread.interrupted(); // a stop that was requested while starting must not cut this one short
    try {
      if (components != null) {
        state.phase(StackState.Phase.STOPPING);
        new StackStop(components, job, console).run();
        state.close();
      }
    } finally {
      lock.close();
    }
  }
}
