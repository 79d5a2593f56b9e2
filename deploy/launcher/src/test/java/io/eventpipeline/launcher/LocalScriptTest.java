package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.LocalScript.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code deploy/local} decides before the launcher has a say. */
@Timeout(300)
class LocalScriptTest {
  private static final String SOURCE = "edge-ingest/src/main/java/Edge.java";

  @TempDir Path tree;
  private LocalScript script;

  @BeforeEach
  void makeTree() throws IOException {
    script = new LocalScript(tree);
  }

  @AfterEach
  void close() {
    script.close();
  }

  @Test
  void buildsWhatIsMissingAndOnlyThat() throws Exception {
    Run first = script.run("up", "--fresh").launched();
    first.stop();
    Run second = script.run("up").launched();

    assertThat(first.printed()).contains("Building (nothing is built yet)");
    assertThat(first.printed()).endsWith("launcher up --fresh\n");
    assertThat(second.printed()).isEqualTo("launcher up\n");
    assertThat(script.builds()).hasSize(1);
  }

  @Test
  void waitsForTheBuildOfAnotherAndDoesNotRepeatIt() throws Exception {
    script.hold();
    Run first = script.run("up");
    script.awaitBuilds(1);

    Run second = script.run("demo");
    await().until(() -> second.printed().contains("Waiting for another build"));
    assertThat(first.printed()).doesNotContain("launcher");
    script.release();

    first.launched();
    assertThat(second.launched().printed()).endsWith("launcher demo\n");
    assertThat(script.builds()).hasSize(1);
  }

  @Test
  void doesNotReplaceWhatARunningStackHasOpen() throws Exception {
    Run stack = script.run("up").launched();
    script.touch(SOURCE, Instant.now().plusSeconds(60));

    Run besides = script.run("up", "--port-offset", "100").launched();

    assertThat(besides.printed())
        .contains("Not built again (" + SOURCE + " changed): a stack runs from this build")
        .endsWith("launcher up --port-offset 100\n");
    assertThat(script.builds()).hasSize(1);

    stack.stop();
    Run alone = script.run("up");
    await().until(() -> alone.printed().contains("Not built again"));
    besides.stop();
    alone.launched().stop();
    assertThat(script.run("up").launched().printed()).contains("Building (" + SOURCE);
    assertThat(script.builds()).hasSize(2);
  }

  @Test
  void refusesToStartWhatCannotBeBuiltBecauseOfARunningStack() throws Exception {
    script.run("up").launched();
    script.deleteArtifact("flink-job/target/flink-job.jar");

    Run second = script.run("up", "--port-offset", "100");

    assertThat(second.code()).isEqualTo(1);
    assertThat(second.printed())
        .isEqualTo(
            "deploy/local: flink-job/target/flink-job.jar is missing, but a stack runs from this"
                + " build: stop it first\n");
    assertThat(script.builds()).hasSize(1);
  }

  @Test
  void saysWhyABuildFailedAndLeavesNothingLocked() throws Exception {
    script.breakBuild();
    Run failed = script.run("up");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.printed())
        .contains("does not compile")
        .containsPattern("deploy/local: the build failed after \\d+ s\n$")
        .doesNotContain("launcher");

    script.repairBuild();
    script.run("up").launched();
    assertThat(script.builds()).hasSize(2);
  }

  @Test
  void handsMavenArgumentsOverOnce() throws Exception {
    script.run(Map.of("MAVEN_ARGS", "-o  -Dhttp.agent=a*b"), "up").launched();

    assertThat(script.builds()).hasSize(1);
    assertThat(script.builds().get(0))
        .startsWith("MAVEN_ARGS=", "-B")
        .contains("package")
        .endsWith("-o", "-Dhttp.agent=a*b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port-offset 100 up --data d --fresh",
        "up --data d --port-offset 100 --fresh",
        "--port-offset=100 up --fresh",
        "up --fresh --port-offset=100",
        "--port-offset 100 demo --events 5",
      })
  void findsTheCommandBeforeAndAfterThePortOffset(String line) throws Exception {
    Run run = script.run(line.split(" ")).launched();

    assertThat(run.printed()).endsWith("launcher " + line + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "down",
        "sql q",
        "latency",
        "transactions list",
        "--port-offset 100 status --json"
      })
  void buildsNothingForACommandThatNeedsARunningStack(String line) throws Exception {
    Run run = script.run(line.split(" "));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.printed())
        .isEqualTo("deploy/local: nothing is built, so nothing runs: 'deploy/local up' first\n");
    assertThat(script.builds()).isEmpty();
  }

  @Test
  void saysNothingOfASchemaWhenNothingIsBuilt() throws Exception {
    Run run = script.run("schema", "check", "t", "f");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.printed()).startsWith("deploy/local: nothing is built: ");
    assertThat(script.builds()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Linux aarch64", "Darwin arm64", "Darwin x86_64"})
  void refusesMachinesThatTheServersAreNotBuiltFor(String system) throws Exception {
    script.runOn(system);

    Run run = script.run("up");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.printed())
        .isEqualTo("deploy/local: Linux on x86-64 is needed: this is " + system + "\n");
    assertThat(script.builds()).isEmpty();
  }

  @Test
  void refusesAnUnknownCommand() throws Exception {
    Run run = script.run("--port-offset", "100", "upp");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.printed())
        .isEqualTo("deploy/local: unknown command 'upp'; try 'deploy/local help'\n");
  }
}
