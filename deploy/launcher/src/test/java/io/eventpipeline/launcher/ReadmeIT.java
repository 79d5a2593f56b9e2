package io.eventpipeline.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What README.md says to try first, tried: each command, and the answer that is printed there. */
@ExtendWith(SharedStack.class)
class ReadmeIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```");
  private static final String EDGE = "http://127.0.0.1:8080";
  private static final String SQL = "deploy/local sql";
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  @Test
  void showsAFirstEventAndItsRow(LocalStack stack) throws Exception {
    stack.ensureReady();
    List<MatchResult> blocks = blocks();
    int first = first(blocks, "curl ");
    URI edge = stack.address().edge();
    String curl = text(blocks, first).replace("\\\n  ", "").replace(EDGE, edge.toString());
    String sql = text(blocks, first + 2);

    assertThat(withoutPlace(bash(curl))).isEqualTo(withoutPlace(text(blocks, first + 1)));
    assertThat(sql).startsWith(SQL + " \"").endsWith("\"");
    String query = sql.substring(SQL.length() + 2, sql.length() - 1);
    await()
        .atMost(ARRIVAL)
        .untilAsserted(
            () ->
                assertThat(stack.ask("sql", query).out().strip())
                    .isEqualTo(text(blocks, first + 3)));
    assertThat(stack.printed())
        .contains(curl)
        .contains(sql.replace(SQL, SQL + " --port-offset " + stack.offset()));
  }

  private static List<MatchResult> blocks() throws IOException {
    Path readme = Path.of(System.getProperty("services.home"), "..", "..", "README.md");
    return BLOCK.matcher(Files.readString(readme)).results().toList();
  }

  private static int first(List<MatchResult> blocks, String start) {
    for (int i = 0; i < blocks.size(); i++) {
      if (text(blocks, i).startsWith(start)) {
        return i;
      }
    }
    throw new AssertionError("README.md has no block that starts with " + start);
  }

  private static String text(List<MatchResult> blocks, int index) {
    return blocks.get(index).group(2).strip();
  }

  /** The acknowledgement but for its place in Kafka, which others have a share in. */
  private static String withoutPlace(String acknowledgement) {
    return acknowledgement.replaceAll("\"(partition|offset)\":\\d+", "\"$1\":0");
  }

  private static String bash(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
