package io.eventpipeline.launcher.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that can go wrong, such as {@code kill-kafka}.
 *
 * @param target server, program, or the way in which ClickHouse refuses
 */
public record FaultKind(Action action, String target) {
  private static final String PROCESSES =
      "edge kafka jobmanager taskmanager clickhouse redis postgres registry";

  /** What our programs and their clients connect to. */
  private static final String CONNECTIONS = "edge kafka clickhouse redis postgres registry";

  /** What a fault does. */
  public enum Action {
    /** SIGKILL; the launcher brings it back. */
    KILL("kill", PROCESSES),
    /** SIGSTOP for longer than Flink's heartbeat or a broker's session lasts, then SIGCONT. */
    PAUSE("pause", PROCESSES),
    /** Connections are reset, new ones too. */
    CUT("cut", CONNECTIONS),
    /**
     * Bytes vanish in both directions; connections that lost some stay so until they are closed.
     */
    HALF_OPEN("half-open", CONNECTIONS),
    /** Everything takes longer. */
    DELAY("delay", CONNECTIONS),
    /** ClickHouse answers, but takes no rows. */
    REFUSE("refuse", "parts memory readonly space"),
    /** The disk is full. Not ClickHouse's: the embedded engine does not notice failed writes. */
    FILL("fill", "kafka checkpoints");

    private final String label;
    private final String targets;

    Action(String label, String targets) {
      this.label = label;
      this.targets = targets;
    }

    private List<String> targets() {
      return List.of(targets.split(" "));
    }
  }

  /** Every kind, in a fixed order. */
  public static List<FaultKind> all() {
    return Arrays.stream(Action.values())
        .flatMap(action -> action.targets().stream().map(target -> new FaultKind(action, target)))
        .toList();
  }

  /**
   * Reads a list such as {@code kill,pause-kafka}: an action alone means all its targets.
   *
   * @return in the order of {@link #all}
   * @throws IllegalArgumentException that names what is unknown and what would do
   */
  public static List<FaultKind> parse(String list) {
    Set<FaultKind> chosen = new LinkedHashSet<>();
    for (String name : list.split(",", -1)) {
      List<FaultKind> meant =
          all().stream()
              .filter(kind -> kind.name().equals(name) || kind.action.label.equals(name))
              .toList();
      if (meant.isEmpty()) {
        throw new IllegalArgumentException("unknown fault '" + name + "'; there are " + names());
      }
      chosen.addAll(meant);
    }
    return all().stream().filter(chosen::contains).toList();
  }

  private static String names() {
    List<String> names = new ArrayList<>();
    for (Action action : Action.values()) {
      names.add(
          action.label + action.targets().stream().collect(Collectors.joining(", -", " (-", ")")));
    }
    return String.join(", ", names);
  }

  /** As in {@code --faults} and in the table. */
  public String name() {
    return action.label + "-" + target;
  }

  /** What it hits; two faults never hit the same at a time. */
  String victim() {
    return switch (action) {
      case REFUSE -> "clickhouse";
      case FILL -> target.equals("checkpoints") ? "taskmanager" : target;
      case KILL, PAUSE, CUT, HALF_OPEN, DELAY -> target;
    };
  }

  /** The component that {@code status} lists, for faults that hit a process. */
  String component() {
    return switch (target) {
      case "jobmanager" -> "flink-jobmanager";
      case "taskmanager" -> "flink-taskmanager-1";
      case "registry" -> "schema-registry";
      default -> target;
    };
  }

  static Stream<String> connections() {
    return Stream.of(CONNECTIONS.split(" "));
  }

  @Override
  public String toString() {
    return name();
  }
}
