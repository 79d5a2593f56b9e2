package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@WithServices(Server.POSTGRES)
class ConcurrentRegistrationIT {
  private static final int CLIENTS = 32;
  private static final int DISTINCT = 20;

  @Test
  void givesVersionsWithoutGapOrDuplicateOnTwoServers(ServiceKit kit) throws Exception {
    try (TestRegistry one = TestRegistry.start(kit.postgres());
        TestRegistry two = one.another()) {
      List<TestRegistry> servers = List.of(one, two);

      List<Reply> replies = registerEverythingFromEveryClient(servers);

      assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isIn(200, 201));
      assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(2 * DISTINCT);
      Map<String, String> versionOfContent = new HashMap<>();
      Map<String, Set<Integer>> versionsOfType = new HashMap<>();
      for (Reply reply : replies) {
        JsonNode schema = reply.json();
        String type = schema.path("type").asString();
        String version = type + "/" + schema.path("version").asInt();
        String before =
            versionOfContent.putIfAbsent(type + schema.path("sha256").asString(), version);
        assertThat(before).isIn(null, version);
        versionsOfType
            .computeIfAbsent(type, name -> new HashSet<>())
            .add(schema.path("version").asInt());
      }
      Integer[] gapless = IntStream.rangeClosed(1, DISTINCT).boxed().toArray(Integer[]::new);
      assertThat(versionsOfType.get("it.a")).containsExactlyInAnyOrder(gapless);
      assertThat(versionsOfType.get("it.b")).containsExactlyInAnyOrder(gapless);
    }
  }

  private static List<Reply> registerEverythingFromEveryClient(List<TestRegistry> servers)
      throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    CyclicBarrier together = new CyclicBarrier(CLIENTS);
    try {
      List<Future<List<Reply>>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        TestRegistry server = servers.get(client % servers.size());
        running.add(
            clients.submit(
                () -> {
                  List<Reply> replies = new ArrayList<>();
                  for (int schema = 0; schema < DISTINCT; schema++) {
                    together.await(60, TimeUnit.SECONDS);
                    String document = "{\"title\":\"" + schema + "\"}";
                    replies.add(server.register("it.a", document));
                    replies.add(server.register("it.b", document));
                  }
                  return replies;
                }));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<List<Reply>> client : running) {
        replies.addAll(client.get(120, TimeUnit.SECONDS));
      }
      return replies;
    } finally {
      clients.shutdownNow();
    }
  }
}
