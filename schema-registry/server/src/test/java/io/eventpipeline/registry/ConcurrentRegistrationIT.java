package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Many clients at once, on two servers and in both dialects: versions and ids stay what they are.
 */
@WithServices(Server.POSTGRES)
class ConcurrentRegistrationIT {
  private static final int CLIENTS = 32;
  private static final int DISTINCT = 20;

  /** Of a pair of servers on one database, through one of the dialects. */
  private record Client(int number, TestRegistry server, boolean confluent) {
    Registered register(String type, int content) throws Exception {
      String document = document(content);
      Reply reply =
          confluent
              ? server.call(
                  "POST",
                  "/subjects/" + type + "/versions",
                  ConfluentDialectIT.request(document, null))
              : server.register(type, document);
      assertThat(reply.status()).as(reply.raw().body()).isIn(200, 201);
      return registered(type, content, reply);
    }
  }

  /** What a client was told of a content. */
  private record Registered(String type, int content, int version, int id) {}

  @FunctionalInterface
  private interface Turn {
    List<Registered> take(Client client, int turn) throws Exception;
  }

  private static String document(int content) {
    return "{\"title\":\"" + content + "\"}";
  }

  private static Registered registered(String type, int content, Reply reply) {
    return new Registered(
        type, content, reply.json().path("version").asInt(), reply.json().path("id").asInt());
  }

  @Test
  void givesVersionsWithoutGapOrDuplicateAndEachContentOneId(ServiceKit kit) throws Exception {
    try (TestRegistry one = TestRegistry.start(kit.postgres());
        TestRegistry two = one.another()) {
      Set<Registered> told =
          together(
              List.of(one, two),
              (client, turn) ->
                  List.of(client.register("it.a", turn), client.register("it.b", turn)));

      assertThat(told).as("the same to every client").hasSize(2 * DISTINCT);
      assertThat(idsByContent(told)).hasSize(DISTINCT);
      for (String type : List.of("it.a", "it.b")) {
        assertThat(told.stream().filter(each -> each.type().equals(type)))
            .extracting(Registered::version)
            .containsExactlyInAnyOrder(gapless(DISTINCT));
        assertThat(one.get("/subjects/" + type + "/versions").json()).hasSize(DISTINCT);
      }
    }
  }

  /** Registered, drafted, published and deleted all at the same time. */
  @Test
  void keepsVersionsAndIdsWhileOthersPublishAndDelete(ServiceKit kit) throws Exception {
    try (TestRegistry one = TestRegistry.start(kit.postgres());
        TestRegistry two = one.another()) {
      Set<Registered> told =
          together(
              List.of(one, two),
              (client, turn) ->
                  switch (client.number() % 16) {
                    case 15 -> deleteLatest(client); // few, so that one page has all versions
                    case 9, 10, 11, 12, 13, 14 -> draftAndPublish(client, turn);
                    default -> List.of(client.register("it.c", turn));
                  });

      idsByContent(told);
      Map<Integer, Integer> contents = new HashMap<>();
      for (Registered each : told) {
        assertThat(contents.putIfAbsent(each.version(), each.content()))
            .as("version %d has one content", each.version())
            .isIn(null, each.content());
      }
      List<JsonNode> stored = new ArrayList<>();
      one.get("/schemas?type=it.c&limit=100").json().path("schemas").forEach(stored::add);
      stored.sort(Comparator.comparingInt(schema -> schema.path("version").asInt()));
      assertThat(stored.stream().map(schema -> schema.path("version").asInt()))
          .containsExactly(gapless(stored.size()));
      assertThat(stored.stream().map(schema -> schema.path("version").asInt()).toList())
          .containsAll(new TreeSet<>(contents.keySet()));
      assertThat(
              stored.stream()
                  .filter(schema -> !schema.path("status").asString().equals("withdrawn"))
                  .map(schema -> schema.path("sha256").asString()))
          .as("live contents")
          .doesNotHaveDuplicates();
      assertThat(stored.stream().filter(schema -> "withdrawn".equals(status(schema))))
          .as("something was deleted meanwhile")
          .isNotEmpty();
    }
  }

  /** Several drafts of one content are one; a later version may overtake it, or a delete. */
  private static List<Registered> draftAndPublish(Client client, int turn) throws Exception {
    String body =
        "{\"type\":\"it.c\",\"status\":\"draft\",\"schema\":" + document(DISTINCT + turn) + "}";
    Reply draft = client.server().post(body);
    assertThat(draft.status()).as(draft.raw().body()).isIn(200, 201);
    int version = draft.json().path("version").asInt();
    Reply published = client.server().call("POST", "/schemas/it.c/" + version + "/publish", null);
    assertThat(published.status()).as(published.raw().body()).isIn(200, 409);
    return List.of(registered("it.c", DISTINCT + turn, draft));
  }

  private static List<Registered> deleteLatest(Client client) throws Exception {
    Reply reply = client.server().call("DELETE", "/subjects/it.c/versions/latest", null);
    assertThat(reply.status()).as(reply.raw().body()).isIn(200, 404);
    return List.of();
  }

  private static String status(JsonNode schema) {
    return schema.path("status").asString();
  }

  /** The id of each content, which is one in every type and in no other content. */
  private static Map<Integer, Integer> idsByContent(Set<Registered> told) {
    Map<Integer, Integer> ids = new HashMap<>();
    for (Registered each : told) {
      assertThat(ids.putIfAbsent(each.content(), each.id()))
          .as("content %d has one id", each.content())
          .isIn(null, each.id());
    }
    assertThat(ids.values()).doesNotHaveDuplicates().doesNotContain(0);
    return ids;
  }

  private static Integer[] gapless(int last) {
    return IntStream.rangeClosed(1, last).boxed().toArray(Integer[]::new);
  }

  /** Everybody takes each turn at the same time; a quarter of them for each server and dialect. */
  private static Set<Registered> together(List<TestRegistry> servers, Turn turn) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    CyclicBarrier barrier = new CyclicBarrier(CLIENTS);
    try {
      List<Future<List<Registered>>> running = new ArrayList<>();
      for (int number = 0; number < CLIENTS; number++) {
        Client client = new Client(number, servers.get(number % 2), number / 2 % 2 == 1);
        running.add(
            threads.submit(
                () -> {
                  List<Registered> told = new ArrayList<>();
                  for (int i = 0; i < DISTINCT; i++) {
                    barrier.await(60, TimeUnit.SECONDS);
                    told.addAll(turn.take(client, i));
                  }
                  return told;
                }));
      }
      Set<Registered> told = new HashSet<>();
      for (Future<List<Registered>> client : running) {
        told.addAll(client.get(120, TimeUnit.SECONDS));
      }
      return told;
    } finally {
      threads.shutdownNow();
    }
  }
}
