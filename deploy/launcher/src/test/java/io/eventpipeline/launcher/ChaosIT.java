package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.stack.StackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/local chaos} in its short form: a minute and a quarter of faults, fixed seed. */
@ExtendWith(SharedStack.class)
class ChaosIT {
  /** Ten times what an idle machine needs. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private static final Pattern DATA = Pattern.compile("Data in (\\S+)");

  /** With this seed one of each sort comes in time. */
  private static final String FAULTS =
      "kill-taskmanager,kill-kafka,kill-edge,pause-clickhouse,cut-kafka,half-open-clickhouse,"
          + "delay-redis,refuse-parts";

  @TempDir private Path directory;

  /** The stack that tests before may have left would take its share of the machine. */
  @BeforeAll
  static void aloneInThisJvm(LocalStack shared) throws Exception {
    shared.close();
  }

  private LocalStack anywhere() {
    return new LocalStack(directory, StackPorts.free(RandomGenerator.getDefault()));
  }

  private Command chaos(LocalStack stack, String... more) throws IOException {
    return stack.startHere("chaos", more);
  }

  @Test
  void holdsThroughOneFaultOfEachSort() throws Exception {
    Command chaos =
        chaos(anywhere(), "--minutes", "1.25", "--seed", "5", "--faults", FAULTS, "--rate", "300");
    Command.Answer answer = chaos.end(LIMIT);

    System.out.println(answer.out());
    assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
    assertThat(answer.out())
        .containsPattern("lost 0 · doubled 0 · phantom 0 · hash mismatch 0")
        .contains("ClickHouse differs from Kafka 0", "seed 5", "HOLDS");
    assertThat(data(answer.out())).doesNotExist();
    assertThat(processes(data(answer.out()))).isEmpty();
  }

  @Test
  void leavesNothingBehindAfterCtrlCInTheMiddleOfAFault() throws Exception {
    Command chaos = chaos(anywhere(), "--minutes", "5", "--seed", "1", "--faults", "pause");
    await()
        .atMost(LIMIT)
        .until(() -> !chaos.isAlive() || aProcessIsStopped(printedData(chaos.printed())));
    assertThat(chaos.isAlive()).as(chaos.printed()).isTrue();
    Path data = data(chaos.printed());

    LocalStack.signal("INT", -chaos.process().pid());
    chaos.end(Duration.ofMinutes(2));

    assertThat(processes(data)).isEmpty();
    assertThat(data).doesNotExist();
  }

  @Test
  void refusesWhatItDoesNotKnow() throws Exception {
    LocalStack stack = anywhere();

    assertThat(chaos(stack, "--faults", "earthquake").end(LIMIT))
        .satisfies(answer -> assertThat(answer.code()).isEqualTo(2))
        .satisfies(
            answer ->
                assertThat(answer.err())
                    .contains("unknown fault 'earthquake'; there are kill (-edge, -kafka"));
    assertThat(chaos(stack, "--minutes", "0.1").end(LIMIT).err()).contains("0.5..1440, was 0.1");
    assertThat(chaos(stack, "--rate", "5").end(LIMIT).err()).contains("100..20000, was 5");
    assertThat(chaos(stack, "now").end(LIMIT).err()).contains("takes no arguments");
  }

  private static Path data(String printed) {
    Optional<Path> data = printedData(printed);
    assertThat(data).as(printed).isPresent();
    return data.get();
  }

  private static Optional<Path> printedData(String printed) {
    return DATA.matcher(printed).results().map(match -> Path.of(match.group(1))).findFirst();
  }

  /** Whether a pause is under way: the kernel calls what SIGSTOP stopped {@code T}. */
  private static boolean aProcessIsStopped(Optional<Path> data) throws IOException {
    return data.isPresent()
        && processes(data.get()).stream().anyMatch(process -> state(process).equals("T"));
  }

  private static String state(Path process) {
    try {
      return Files.readString(process.resolve("stat")).replaceFirst("(?s).*\\) (.).*", "$1");
    } catch (IOException e) {
      return "ended";
    }
  }

  private static List<Path> processes(Path data) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .filter(path -> LocalStack.commandLine(path).contains(data.toString()))
          .toList();
    }
  }
}
