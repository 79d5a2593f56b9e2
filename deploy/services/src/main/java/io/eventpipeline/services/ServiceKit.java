package io.eventpipeline.services;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The servers that one directory holds the data of, started together and stopped together. Whatever
 * happens to this JVM, none of them outlives it. Thread-safe.
 */
public final class ServiceKit implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final DirectoryLock lock;
  private final Builder plan;
  private final Servers servers;
  private final Map<Server, List<Service>> running = new EnumMap<>(Server.class);
  private final List<Service> programs = new ArrayList<>();
  private FlinkCluster flink;

  private ServiceKit(DirectoryLock lock, Builder plan) {
    this.lock = lock;
    this.plan = plan;
    this.servers =
        plan.containers
            ? new ServerContainers(
                plan.directory, plan.ports, plan.sizes, plan.passwords, plan.fsync)
            : new ServerProcesses(
                plan.directory,
                plan.ports,
                plan.sizes,
                plan.passwords,
                plan.fsync,
                plan.brokers,
                plan.kafkaRelays);
  }

  /**
   * A kit without servers yet.
   *
   * @param directory holds each server's data and {@code logs/}; made if missing; used by one kit
   *     at a time
   */
  public static Builder builder(Path directory) {
    return new Builder(directory.toAbsolutePath().normalize());
  }

  /** The broker, or the first of several. */
  public KafkaBroker kafka() {
    return kafkaBrokers().get(0);
  }

  public synchronized List<KafkaBroker> kafkaBrokers() {
    the(Server.KAFKA);
    return running.get(Server.KAFKA).stream().map(KafkaBroker.class::cast).toList();
  }

  public RedisServer redis() {
    return (RedisServer) the(Server.REDIS);
  }

  public PostgresServer postgres() {
    return (PostgresServer) the(Server.POSTGRES);
  }

  public ClickHouseServer clickhouse() {
    return (ClickHouseServer) the(Server.CLICKHOUSE);
  }

  public synchronized FlinkCluster flink() {
    the(Server.FLINK);
    return flink;
  }

  private synchronized Service the(Server server) {
    if (!running.containsKey(server)) {
      throw new ServiceException("this kit has no " + server);
    }
    return running.get(server).get(0);
  }

  /** Everything that the kit started: servers, then programs in the order they were started. */
  public synchronized List<Service> services() {
    var all = new ArrayList<Service>();
    running.values().forEach(all::addAll);
    all.addAll(programs);
    return List.copyOf(all);
  }

  /** Where ports for further programs come from. */
  public Ports ports() {
    return plan.ports;
  }

  /**
   * Starts a program and returns when it is ready; the kit stops it before its servers.
   *
   * @throws ServiceException as {@link Service#start}; the kit is as before then
   */
  public Service run(JavaProgram program) {
    var service = new ProgramService(program, servers.log(program.name()), plan.ports);
    start(service);
    synchronized (this) {
      programs.add(service);
    }
    return service;
  }

  /** As {@link #run}, but it is for the caller to start it. */
  public synchronized Service add(JavaProgram program) {
    var service = new ProgramService(program, servers.log(program.name()), plan.ports);
    programs.add(service);
    return service;
  }

  /**
   * Sees to it that these run and answer, whatever was done to them before: adds those that the kit
   * does not hold yet, resumes and restarts the others.
   */
  synchronized void require(Set<Server> wanted) {
    var all = new ArrayList<Service>();
    for (Server server : wanted) {
      all.addAll(running.computeIfAbsent(server, this::make));
    }
    Together.forEach(all, this::start);
  }

  private List<Service> make(Server server) {
    return switch (server) {
      case KAFKA -> List.copyOf(servers.kafka());
      case REDIS -> List.of(servers.redis());
      case POSTGRES -> List.of(servers.postgres());
      case CLICKHOUSE -> List.of(servers.clickhouse());
      case FLINK -> {
        flink = servers.flink(new FlinkPlan(plan.taskManagers, plan.slots, plan.highAvailability));
        yield flink.services();
      }
    };
  }

  private void start(Service service) {
    if (service.pid().isPresent()) {
      service.resume();
    }
    long begin = System.nanoTime();
    service.start();
    plan.started.accept(service, Duration.ofNanos(System.nanoTime() - begin));
  }

  /**
   * Stops programs first, then Flink, then the servers they use; each process gets 8 s at most,
   * then SIGKILL. Ports and the directory are free afterwards.
   */
  @Override
  public synchronized void close() {
    try (lock) {
      var users = new ArrayList<>(programs);
      users.addAll(running.getOrDefault(Server.FLINK, List.of()));
      users.removeIf(ZooKeeper.class::isInstance); // JobManagers ask it until they have ended
      var stores = new ArrayList<>(services());
      stores.removeAll(users);
      programs.clear();
      running.remove(Server.FLINK);
      Together.forEach(users, ServiceKit::close);
      running.clear();
      Together.forEach(stores, ServiceKit::close);
    }
  }

  private static void close(Service service) {
    if (service instanceof ProcessService process) {
      process.close(GRACE);
    } else {
      service.close();
    }
  }

  /** What the kit consists of. Not thread-safe. */
  public static final class Builder {
    private final Path directory;
    private final Set<Server> wanted = EnumSet.noneOf(Server.class);
    private Ports ports = Ports.free();
    private Sizes sizes = Sizes.LAPTOP;
    private Passwords passwords = Passwords.LOCAL;
    private boolean fsync = true;
    private boolean containers;
    private int brokers = 1;
    private List<KafkaRelay> kafkaRelays = List.of();
    private int taskManagers = 1;
    private int slots = 4;
    private List<Path> highAvailability = List.of();
    private BiConsumer<Service, Duration> started = (service, time) -> {};

    private Builder(Path directory) {
      this.directory = directory;
    }

    /** Default {@link Ports#free}. */
    public Builder ports(Ports value) {
      ports = value;
      return this;
    }

    /** Default {@link Sizes#LAPTOP}. */
    public Builder sizes(Sizes value) {
      sizes = value;
      return this;
    }

    /** Default {@link Passwords#LOCAL}. */
    public Builder passwords(Passwords value) {
      passwords = value;
      return this;
    }

    /** Whether Postgres waits for the disk, default true; false is for tests only. */
    public Builder fsync(boolean value) {
      fsync = value;
      return this;
    }

    /** Servers from their projects' images; needs Docker and Testcontainers. Default: processes. */
    public Builder containers() {
      containers = true;
      return this;
    }

    /** Called for each service when it is ready, with the time it took, on any thread. */
    public Builder onStarted(BiConsumer<Service, Duration> value) {
      started = value;
      return this;
    }

    /** One broker. */
    public Builder kafka() {
      wanted.add(Server.KAFKA);
      return this;
    }

    /** A cluster of so many, which goes on without any one of three; not {@link #containers}. */
    public Builder kafka(int count) {
      brokers = count;
      return kafka();
    }

    /** A second listener of each broker, in their order; not with {@link #containers}. */
    public Builder kafkaRelays(List<KafkaRelay> values) {
      kafkaRelays = List.copyOf(values);
      return this;
    }

    public Builder redis() {
      wanted.add(Server.REDIS);
      return this;
    }

    public Builder postgres() {
      wanted.add(Server.POSTGRES);
      return this;
    }

    public Builder clickhouse() {
      wanted.add(Server.CLICKHOUSE);
      return this;
    }

    /** A JobManager and so many TaskManagers of {@code slots} each. */
    public Builder flink(int taskManagerCount, int slotsEach) {
      taskManagers = taskManagerCount;
      slots = slotsEach;
      wanted.add(Server.FLINK);
      return this;
    }

    /**
     * A second JobManager, and a ZooKeeper in which the two elect a leader. What is of this place
     * is set by the kit, whatever the files say: the quorum, and where checkpoints, savepoints and
     * Flink's own files are.
     *
     * @param settings of Flink, as an operator appends them to the cluster's; they say {@code
     *     high-availability.type: zookeeper} and the number of checkpoints to keep. None, as by
     *     default: one JobManager and no ZooKeeper
     */
    public Builder highAvailability(Path... settings) {
      highAvailability = List.of(settings);
      return this;
    }

    /**
     * Starts all servers at the same time and returns when all are ready.
     *
     * @throws ServiceException when the directory is in use or a server does not start; the others
     *     are stopped then
     */
    public ServiceKit start() {
      var kit = new ServiceKit(DirectoryLock.of(directory), this);
      try {
        kit.require(wanted);
        return kit;
      } catch (RuntimeException e) {
        kit.close();
        throw e;
      }
    }

    /**
     * The same kit with nothing started yet, for a caller who starts each service when it suits.
     *
     * @throws ServiceException when the directory is in use
     */
    public ServiceKit build() {
      var kit = new ServiceKit(DirectoryLock.of(directory), this);
      synchronized (kit) {
        wanted.forEach(server -> kit.running.computeIfAbsent(server, kit::make));
      }
      return kit;
    }
  }
}
