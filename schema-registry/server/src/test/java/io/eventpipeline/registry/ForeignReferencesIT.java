package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Nothing that a schema, an event or a page names is ever fetched: a canary listens for it. */
@WithServices({Server.POSTGRES, Server.CLICKHOUSE})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignReferencesIT {
  private static final List<String> FORMS =
      List.of(
          "{\"$ref\":\"%s\"}",
          "{\"properties\":{\"a\":{\"$ref\":\"%s#/b\"}}}",
          "{\"$defs\":{\"unused\":{\"$ref\":\"%s\"}}}",
          "{\"$dynamicRef\":\"%s\"}",
          "{\"$schema\":\"%s\"}",
          "{\"$id\":\"%s\",\"$ref\":\"other.json\"}",
          "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$ref\":\"%s\"}",
          "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"id\":\"%s\","
              + "\"$ref\":\"other.json\"}");

  private TestWarehouse warehouse;
  private TestRegistry registry;
  private ServerSocket canary;
  private List<String> addresses;

  @BeforeAll
  void start(ServiceKit kit, @TempDir Path directory) throws Exception {
    warehouse = new TestWarehouse(kit.clickhouse());
    registry = TestRegistry.start(kit.postgres(), warehouse.config(TestWarehouse.BOUNDS));
    canary = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Path file = Files.writeString(directory.resolve("x.json"), "{\"const\":\"from a file\"}");
    String host = "127.0.0.1:" + canary.getLocalPort();
    addresses =
        List.of(
            "http://" + host + "/x.json",
            "https://" + host + "/x.json",
            "ftp://" + host + "/x.json",
            "file://" + host + "/x.json", // Java asks such a host by FTP
            "jar:http://" + host + "/x.jar!/x.json",
            file.toUri().toString(),
            "jar:" + file.toUri() + "!/x.json",
            "classpath:shipped-schemas/order.completed.json",
            "resource:/shipped-schemas/order.completed.json");
    registry.register("ref.known", "{\"type\":\"object\"}");
  }

  @AfterAll
  void stop() throws IOException {
    canary.close();
    registry.close();
  }

  @Test
  void fetchesNothingThatAProposalRefersTo() throws Exception {
    warehouse.arrive(
        "SELECT 'r', '/it', 'ref.known', 'store-1', now64(3), 700000, '{\"data\":{\"a\":1}}'");
    for (String address : addresses) {
      for (String form : FORMS) {
        String schema = form.formatted(address);
        String bare = "{\"schema\":" + schema + "}";
        String text =
            JsonNodeFactory.instance
                .objectNode()
                .put("schemaType", "JSON")
                .put("schema", schema)
                .toString();
        for (Reply reply :
            new Reply[] {
              registry.register("ref.new", schema),
              registry.call("POST", "/schemas/ref.known/check", bare),
              registry.call("POST", "/schemas/ref.known/check?sample=10", bare),
              registry.call("POST", "/schemas/ref.known/plan", bare)
            }) {
          assertThat(reply.status()).as(schema).isEqualTo(422);
          assertThat(reply.code()).as(schema).isIn("remote_reference", "unsupported_dialect");
        }
        for (String path :
            new String[] {
              "/subjects/ref.new/versions",
              "/subjects/ref.known/versions?normalize=true",
              "/compatibility/subjects/ref.known/versions",
              "/compatibility/subjects/ref.known/versions/latest?verbose=true"
            }) {
          Reply reply = registry.call("POST", path, text);
          assertThat(reply.status()).as(path + " " + schema).isEqualTo(422);
          assertThat(reply.errorCode()).isEqualTo(42201);
        }
        assertThat(registry.call("POST", "/subjects/ref.known", text).status())
            .as("only looked up")
            .isEqualTo(404);
      }
    }
    assertThat(calls()).isZero();
  }

  /** A schema may have an address, and data may look like a schema. */
  @Test
  void fetchesNothingWhileItValidates() throws Exception {
    for (String address : addresses) {
      String type = "ref.valid-" + addresses.indexOf(address);
      Reply registered =
          registry.register(
              type,
              "{\"$id\":\"%s\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/b\"}},\"$defs\":{\"b\":{\"type\":\"object\"}}}"
                  .formatted(address));
      String data =
          "{\"$schema\":\"%s\",\"$ref\":\"%s\",\"a\":{\"$ref\":\"%s\",\"$id\":\"%s\"}}"
              .formatted(address, address, address, address);
      assertThat(registered.status()).as(registered.raw().body()).isIn(200, 201);
      for (String query : new String[] {"", "?upcast=true"}) {
        Reply validated =
            registry.call(
                "POST", "/schemas/" + type + "/validate" + query, "{\"data\":" + data + "}");
        assertThat(validated.json().path("valid").asBoolean()).isTrue();
      }
      Reply named =
          registry.call(
              "POST",
              "/schemas/" + type + "/validate",
              "{\"data\":" + data + ",\"$schema\":\"" + address + "\"}");
      assertThat(named.status()).isEqualTo(400);
      warehouse.arrive(
          "SELECT 'v', '/it', '"
              + type
              + "', 'store-1', now64(3), "
              + (710_000 + addresses.indexOf(address))
              + ", '{\"dataschema\":\""
              + address
              + "\",\"data\":"
              + data
              + "}'");
      Reply sampled =
          registry.call(
              "POST",
              "/schemas/" + type + "/check?sample=10",
              "{\"schema\":{\"type\":\"object\"}}");
      assertThat(sampled.json().path("sample").path("events").asInt()).isEqualTo(1);
    }
    assertThat(calls()).isZero();
  }

  /** What a browser would load, and what a generator of clients would. */
  @Test
  void showsPagesThatLoadNothingFromElsewhere() throws Exception {
    String page = registry.get("/docs").raw().body();
    Reply document = registry.get("/openapi.json");

    assertThat(links(page)).as("of the page").allMatch(link -> link.startsWith("/"));
    assertThat(links(page)).contains("/openapi.json");
    assertThat(page).doesNotContainPattern("(?i)https?:|[\"'(=]\\s*//");
    assertThat(registry.get("/docs").header("Content-Security-Policy"))
        .contains("default-src 'none'", "connect-src 'self'")
        .doesNotContain("http", "*");
    List<String> references = new ArrayList<>();
    collect(document.json(), references);
    assertThat(references).isNotEmpty().allMatch(reference -> reference.startsWith("#/"));
    for (JsonNode server : document.json().path("servers")) {
      assertThat(server.path("url").asString()).startsWith("/");
    }
  }

  private static List<String> links(String page) {
    Matcher link =
        Pattern.compile(
                "(?i)(?:src|href|action|srcset)\\s*=\\s*[\"']?([^\"'\\s>]+)|"
                    + "(?:url|fetch|import|open)\\s*\\(\\s*[\"']([^\"']+)")
            .matcher(page);
    List<String> links = new ArrayList<>();
    while (link.find()) {
      links.add(link.group(1) == null ? link.group(2) : link.group(1));
    }
    return links;
  }

  private static void collect(JsonNode node, List<String> references) {
    if (node.path("$ref").isString()) {
      references.add(node.path("$ref").asString());
    }
    node.forEach(child -> collect(child, references));
  }

  private int calls() throws IOException {
    canary.setSoTimeout(300);
    int calls = 0;
    while (true) {
      try (Socket caller = canary.accept()) {
        calls += caller.isConnected() ? 1 : 0;
      } catch (SocketTimeoutException e) {
        return calls;
      }
    }
  }
}
