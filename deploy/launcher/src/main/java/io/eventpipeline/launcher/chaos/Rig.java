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
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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

  private static final String KAFKA = "kafka";
  private static final String CLICKHOUSE = "clickhouse";

  /** Longer than ClickHouse may hang through another fault. */
  private static final Duration REFUSED_MAX = Duration.ofSeconds(15);

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
      FaultKind.connections().forEach(rig::proxies);
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

  private void proxies(String target) {
    if (!target.equals(KAFKA)) {
      proxies.put(
          target, FaultProxy.open(port(plan.ways(), target), port(plan.ports(), target), DELAY));
      return;
    }
    for (int broker = 1; broker <= plan.ports().brokers(); broker++) {
      proxies.put(
          broker(broker),
          FaultProxy.open(plan.ways().kafka(broker), plan.ports().kafkaRelay(broker), DELAY));
    }
  }

  private static int port(StackPorts ports, String target) {
    return switch (target) {
      case "edge" -> ports.edge();
      case CLICKHOUSE -> ports.clickhouse();
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
        case KAFKA -> mount(kind, services.resolve(broker(1)).resolve("data"), 6 * GIB);
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

  /** As {@code status} names it. */
  private String broker(int number) {
    return plan.ports().brokers() == 1 ? KAFKA : KAFKA + "-" + number;
  }

  /** The processes that a fault of this kind may hit. */
  private List<String> components(FaultKind kind) {
    return kind.target().equals(KAFKA) ? brokers() : List.of(kind.component());
  }

  /** The connections that a fault of this kind may hit. */
  private List<FaultProxy> proxies(FaultKind kind) {
    List<String> names = kind.target().equals(KAFKA) ? brokers() : List.of(kind.target());
    return names.stream().map(proxies::get).toList();
  }

  private List<String> brokers() {
    return IntStream.rangeClosed(1, plan.ports().brokers()).mapToObj(this::broker).toList();
  }

  private static <T> T one(List<T> candidates, Schedule.Planned fault) {
    return candidates.get(fault.which(candidates.size()));
  }

  @Override
  public Cure inject(Schedule.Planned fault) throws IOException, InterruptedException {
    FaultKind kind = fault.kind();
    switch (kind.action()) {
      case KILL -> {
        String component = one(components(kind), fault);
        require(stack.kill(component), component);
        return () -> {};
      }
      case PAUSE -> {
        String component = one(components(kind), fault);
        require(stack.pause(component), component);
        return () -> stack.resume(component);
      }
      case CUT -> {
        return mode(one(proxies(kind), fault), FaultProxy.Mode.CUT);
      }
      case HALF_OPEN -> {
        return mode(one(proxies(kind), fault), FaultProxy.Mode.SWALLOW);
      }
      case DELAY -> {
        return mode(one(proxies(kind), fault), FaultProxy.Mode.DELAY);
      }
      case REFUSE -> {
        Cure cure =
            new LastResort(
                () -> refusal.end(kind.target()),
                () -> stack.kill(CLICKHOUSE),
                REFUSED_MAX,
                InstantSource.system());
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
          case PAUSE -> components(kind).forEach(stack::resume);
          case CUT, HALF_OPEN, DELAY ->
              proxies(kind).forEach(proxy -> proxy.mode(FaultProxy.Mode.PASS));
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

  private static void require(boolean ran, String component) throws IOException {
    if (!ran) {
      throw new IOException(component + " was down");
    }
  }

  private static Cure mode(FaultProxy proxy, FaultProxy.Mode mode) {
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
