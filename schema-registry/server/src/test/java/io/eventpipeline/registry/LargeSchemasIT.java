package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Lists of schemas of the largest size come in pages that the server's heap holds. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeSchemasIT {
  private static final int SCHEMAS = 80;
  private static final int CHARS = 60_000;

  /** Of the text on a page, and of what stands around it. */
  private static final int PAGE_CHARS_MAX = 4 * 1024 * 1024 + 300_000;

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
    for (int i = 0; i < SCHEMAS; i++) {
      String text = i + "x".repeat(CHARS);
      Reply reply = registry.register("big." + i, "{\"description\":\"" + text + "\"}");
      assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
    }
  }

  @Test
  void endsAPageOfTheNativeListEarly() throws Exception {
    List<String> types = new ArrayList<>();
    int pages = 0;
    String after = "0";
    while (after != null) {
      Reply page = registry.get("/schemas?limit=100&after=" + after);
      assertThat(page.raw().body().length()).isLessThan(PAGE_CHARS_MAX);
      page.json().path("schemas").forEach(schema -> types.add(schema.path("type").asString()));
      JsonNode next = page.json().path("next");
      after = next.isNull() ? null : next.asString();
      pages++;
    }

    assertThat(pages).isEqualTo(2);
    assertThat(types).hasSize(SCHEMAS + ShippedSchemas.TYPES.size()).doesNotHaveDuplicates();
  }

  @Test
  void endsAPageOfTheOtherDialectEarly() throws Exception {
    List<String> subjects = new ArrayList<>();
    int pages = 0;
    int size;
    do {
      Reply page = registry.get("/schemas?subjectPrefix=big.&offset=" + subjects.size());
      assertThat(page.raw().body().length()).isLessThan(PAGE_CHARS_MAX);
      size = page.json().size();
      page.json().forEach(schema -> subjects.add(schema.path("subject").asString()));
      pages++;
    } while (size > 0);

    assertThat(pages).as("the last is empty").isEqualTo(3);
    assertThat(subjects).hasSize(SCHEMAS).doesNotHaveDuplicates();
  }
}
