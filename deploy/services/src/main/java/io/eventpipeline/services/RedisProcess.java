package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.List;

/** The binary of the embedded-redis artifact. */
final class RedisProcess extends ProcessService implements RedisServer {
  private final Path data;
  private final int memoryMegabytes;

  RedisProcess(
      Path home, Path log, int memoryMegabytes, Ports ports, List<Ports.Reservation> reservations) {
    super("redis", log, ports, reservations);
    this.data = home.resolve("data");
    this.memoryMegabytes = memoryMegabytes;
  }

  @Override
  void prepare() {
    ServerFiles.directories(data);
  }

  @Override
  List<String> command() {
    return List.of(
        BinaryCache.redis().resolve("redis-server").toString(),
        "--bind",
        "127.0.0.1",
        "--port",
        Integer.toString(port()),
        "--dir",
        data.toString(),
        "--appendonly",
        "yes",
        "--maxmemory",
        memoryMegabytes + "mb",
        "--maxmemory-policy",
        "allkeys-lru",
        "--daemonize",
        "no");
  }

  @Override
  boolean answers() {
    return Probe.redis(port());
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public String uri() {
    return "redis://" + host() + ":" + port();
  }
}
