package io.eventpipeline.launcher.chaos;

import io.eventpipeline.config.Secret;
import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.Stack;
import io.eventpipeline.launcher.stack.StackPlan;
import io.eventpipeline.launcher.stack.StackPorts;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be done to one stack: proxies between the programs and the servers, disks that can be
 * full, signals. Opened before the stack starts and closed after it stopped. Thread-safe once the
 * stack is {@link #attach attached}.
 */
public final class Rig implements Faults, Closeable {
  /** Of each piece of 16 KiB: a bad day between two data centres. */
  private static final Duration DELAY = Duration.ofMillis(200);

  /** Set where mounts vanish with this process: in a mount namespace of its own. */
  private static final String MOUNTS = "launcher.mounts";

  private static final long GIB = 1L << 30;

  private final StackPlan plan;
  private final Map<String, FaultProxy> proxies = new HashMap<>();
  private final Map<String, SmallDisk> disks = new HashMap<>();
  private final Map<FaultKind, String> impossible = new LinkedHashMap<>();
  private final Refusal refusal;
  private volatile Stack stack;

  private Rig(StackPlan plan) {
    this.plan = plan;
    this.refusal =
        new Refusal(
            address().clickhouse(), LocalAccess.ADMIN_USER, new Secret(LocalAccess.ADMIN_PASSWORD));
  }

  /**
   * Opens what {@code kinds} need. What this user may not do is left out: see {@link #impossible}.
   *
   * @param plan of a stack whose programs come through other ports
   * @throws CommandException when one of these ports is taken
   */
  public static Rig open(StackPlan plan, List<FaultKind> kinds) throws InterruptedException {
    Rig rig = new Rig(plan);
    try {
      FaultKind.connections().forEach(rig::proxy);
      for (FaultKind kind : kinds) {
        if (kind.action() == FaultKind.Action.FILL) {
          rig.disk(kind);
        }
      }
      return rig;
    } catch (UncheckedIOException e) {
      rig.close();
      throw new CommandException("cannot open a proxy: " + e.getMessage(), e);
    }
  }

  private void proxy(String target) {
    int from = port(plan.ways(), target);
    int to = target.equals("kafka") ? plan.ports().kafkaRelay() : port(plan.ports(), target);
    proxies.put(target, FaultProxy.open(from, to, DELAY));
  }

  private static int port(StackPorts ports, String target) {
    return switch (target) {
      case "edge" -> ports.edge();
      case "kafka" -> ports.kafka();
      case "clickhouse" -> ports.clickhouse();
      case "redis" -> ports.redis();
      case "postgres" -> ports.postgres();
      case "registry" -> ports.registry();
      default -> throw new IllegalArgumentException("nothing connects to " + target);
    };
  }

  private void disk(FaultKind kind) throws InterruptedException {
    if (!Boolean.getBoolean(MOUNTS)) {
      impossible.put(kind, "a disk to fill needs root and unshare");
      return;
    }
    Path services = plan.home().services();
    try {
      switch (kind.target()) {
        case "kafka" -> mount(kind, services.resolve("kafka/data"), 6 * GIB);
        case "clickhouse" -> mount(kind, services.resolve("clickhouse/data"), 3 * GIB);
        case "checkpoints" -> mount(kind, plan.home().checkpoints(), 2 * GIB);
        default -> throw new IllegalArgumentException("no disk of " + kind.target());
      }
    } catch (IOException e) {
      impossible.put(kind, e.getMessage());
    }
  }

  private void mount(FaultKind kind, Path directory, long bytes)
      throws IOException, InterruptedException {
    disks.put(kind.target(), SmallDisk.mount(directory, bytes));
  }

  /** Kinds that cannot be injected here, with the reason. */
  Map<FaultKind, String> impossible() {
    return Map.copyOf(impossible);
  }

  /** Where the edge is to be found by its clients. */
  public URI edge() {
    return new RunningStack(plan.ways(), plan.home().data()).edge();
  }

  private RunningStack address() {
    return new RunningStack(plan.ports(), plan.home().data());
  }

  /** The stack, which runs from now on. */
  public void attach(Stack running) {
    stack = running;
  }

  @Override
  public Cure inject(FaultKind kind) throws IOException, InterruptedException {
    switch (kind.action()) {
      case KILL -> {
        require(stack.kill(kind.component()), kind);
        return () -> {};
      }
      case PAUSE -> {
        require(stack.pause(kind.component()), kind);
        return () -> stack.resume(kind.component());
      }
      case CUT -> {
        return mode(kind, FaultProxy.Mode.CUT);
      }
      case HALF_OPEN -> {
        return mode(kind, FaultProxy.Mode.SWALLOW);
      }
      case DELAY -> {
        return mode(kind, FaultProxy.Mode.DELAY);
      }
      case REFUSE -> {
        Cure cure = () -> refusal.end(kind.target());
        try {
          refusal.begin(kind.target());
        } catch (IOException e) {
          cure.apply(); // some tables may refuse already
          throw e;
        }
        return cure;
      }
      case FILL -> {
        disks.get(kind.target()).fill();
        return () -> disks.get(kind.target()).free();
      }
    }
    throw new IllegalStateException("every action is above: " + kind);
  }

  @Override
  public Cure everything() {
    return () -> {
      for (FaultKind kind : FaultKind.all()) {
        switch (kind.action()) {
          case PAUSE -> stack.resume(kind.component());
          case CUT, HALF_OPEN, DELAY -> proxies.get(kind.target()).mode(FaultProxy.Mode.PASS);
          case REFUSE -> refusal.end(kind.target());
          case KILL, FILL -> {
            // The launcher's part; and a disk is full or it is not
          }
        }
      }
      for (SmallDisk disk : disks.values()) {
        disk.free();
      }
    };
  }

  private static void require(boolean ran, FaultKind kind) throws IOException {
    if (!ran) {
      throw new IOException(kind.component() + " was down");
    }
  }

  private Cure mode(FaultKind kind, FaultProxy.Mode mode) {
    FaultProxy proxy = proxies.get(kind.target());
    proxy.mode(mode);
    return () -> proxy.mode(FaultProxy.Mode.PASS);
  }

  /** Closes the proxies and unmounts the disks; the stack is down. */
  @Override
  public void close() {
    proxies.values().forEach(FaultProxy::close);
    disks.values().forEach(SmallDisk::close);
  }
}
