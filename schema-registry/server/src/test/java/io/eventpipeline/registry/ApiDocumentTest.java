package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.ApiDocument.Operation;
import io.eventpipeline.registry.RegistryConfig.Http;
import io.eventpipeline.registry.RegistryConfig.Postgres;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.RegistryConfig.Token;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.registry.warehouse.ColumnPlanner;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;

/** The document against the routes; answers are held against it by {@link TestRegistry}. */
class ApiDocumentTest {
  /** Routes of whole families of addresses: how they are written down, nothing for a filter. */
  private static final Map<String, Set<String>> FAMILIES =
      Map.of(
          "/schemas/",
          Set.of(),
          "/contexts/:context/",
          Set.of(
              "GET /contexts/{context}/{path}",
              "POST /contexts/{context}/{path}",
              "PUT /contexts/{context}/{path}",
              "DELETE /contexts/{context}/{path}"));

  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([a-z]+)\\}");

  private final ApiDocument document = ApiDocument.INSTANCE;

  @Test
  void describesEveryRouteWithItsMethodsAndNothingElse() {
    Set<String> described = new TreeSet<>();
    document.operations().forEach(operation -> described.add(operation.toString()));

    assertThat(document.root().path("openapi").asString()).isEqualTo("3.1.0");
    assertThat(described).isEqualTo(routes());
  }

  private static Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    for (Route route : router()) {
      if (route.getPath() == null) {
        continue; // stands before all of them
      }
      if (!route.isExactPath()) {
        assertThat(FAMILIES).containsKey(route.getPath());
        routes.addAll(FAMILIES.get(route.getPath()));
        continue;
      }
      for (HttpMethod method : route.methods()) {
        routes.add(method + " " + route.getPath().replaceAll(":([a-z]+)", "{$1}"));
      }
    }
    return routes;
  }

  /** As a server has it; nothing is asked of the database. */
  private static List<Route> router() {
    RegistryConfig config =
        new RegistryConfig(
            new Http("127.0.0.1", 0),
            new Postgres("jdbc:postgresql://127.0.0.1/none", "nobody", new Secret("none"), 1),
            List.of(new Token("reader", new Secret("read-token-1"), Rights.READ)));
    CompatibilityRule rule = new ProvenCompatibility();
    ColumnPlanner planner = new ColumnPlanner(Optional.empty());
    Stores stores = Stores.on(new PGSimpleDataSource(), rule, new TriedMigration(), planner);
    RegistryVerticle verticle =
        new RegistryVerticle(
            config, stores, rule, Optional.empty(), planner, new RegistryMetrics());
    Vertx vertx = Vertx.vertx();
    try {
      verticle.init(vertx, vertx.getOrCreateContext());
      QuickReads reads = new QuickReads(new Access(config.tokens()));
      return verticle.router(new Workers(vertx, 1), reads).getRoutes();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void namesEveryParameterOfAPathAndNoOther() {
    for (Operation operation : document.operations()) {
      List<String> inPath =
          PATH_PARAMETER.matcher(operation.path()).results().map(MatchResult::group).toList();

      assertThat(operation.parameters("path").stream().map(name -> "{" + name + "}"))
          .as("%s", operation)
          .containsExactlyElementsOf(inPath);
    }
  }

  @Test
  void givesEveryAnswerAndEveryBodyAShape() {
    for (Operation operation : document.operations()) {
      List<JsonNode> contents = new ArrayList<>();
      contents.add(operation.json().path("requestBody").path("content"));
      operation.json().path("responses").forEach(r -> contents.add(resolved(r).path("content")));
      for (JsonNode content : contents) {
        content.forEachEntry(
            (type, media) -> {
              if (type.endsWith("json") && !operation.isOpenEnded()) {
                assertThat(media.path("schema").isEmpty()).as("%s %s", operation, type).isFalse();
                assertThat(document.shape(media.path("schema"))).isNotNull();
              }
            });
      }
    }
  }

  @Test
  void saysWhatEveryRouteAnswersBeforeItIsReached() {
    for (Operation operation : document.operations()) {
      Set<String> codes = Set.copyOf(operation.json().path("responses").propertyNames());

      assertThat(codes.contains("401")).as("%s", operation).isEqualTo(!operation.isPublic());
      if (operation.takesBody()) {
        assertThat(codes).as("%s", operation).contains("400", "413", "415");
      }
    }
  }

  @Test
  void definesNothingThatNobodyRefersTo() {
    Set<String> used = new TreeSet<>();
    collect(document.root(), used);
    Set<String> defined = new TreeSet<>();
    for (String kind : List.of("schemas", "responses")) {
      document
          .root()
          .path("components")
          .path(kind)
          .propertyNames()
          .forEach(name -> defined.add("#/components/" + kind + "/" + name));
    }

    assertThat(used).isEqualTo(defined);
  }

  private JsonNode resolved(JsonNode response) {
    return response.has("$ref")
        ? document.root().at(response.path("$ref").asString().substring(1))
        : response;
  }

  private static void collect(JsonNode node, Set<String> references) {
    if (node.path("$ref").isString()) {
      references.add(node.path("$ref").asString());
    }
    node.forEach(child -> collect(child, references));
  }
}
