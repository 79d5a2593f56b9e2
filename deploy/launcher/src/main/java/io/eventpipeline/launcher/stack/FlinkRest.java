package io.eventpipeline.launcher.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JobManager's REST API, as far as one job needs it. Thread-safe.
 *
 * <p>Every call throws {@link IOException} when the JobManager does not answer or refuses; the
 * message of a refusal is its own first line. See Flink, "REST API".
 */
final class FlinkRest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** To submit a job, the JobManager loads its jar and runs its main. */
  private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String BOUNDARY = "event-pipeline-jar";
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * One job of the cluster.
   *
   * @param state as Flink names it, e.g. {@code RUNNING}
   * @param running whether every task of it runs
   */
  record Job(String id, String name, String state, boolean running) {
    boolean ended() {
      return ENDED.contains(state);
    }
  }

  FlinkRest(URI base) {
    this.base = base;
  }

  /** Number of TaskManagers that have registered. */
  int taskManagers() throws IOException, InterruptedException {
    return get("/overview").path("taskmanagers").asInt(0);
  }

  /** All jobs that the JobManager remembers, ended ones included. */
  List<Job> jobs() throws IOException, InterruptedException {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      JsonNode tasks = job.path("tasks");
      String state = job.path("state").asString("");
      jobs.add(
          new Job(
              job.path("jid").asString(""),
              job.path("name").asString(""),
              state,
              state.equals("RUNNING") && allRun(tasks)));
    }
    return jobs;
  }

  private static boolean allRun(JsonNode tasks) {
    int total = tasks.path("total").asInt(0);
    return total > 0 && tasks.path("running").asInt(0) == total;
  }

  /** Checkpoints that {@code jobId} completed since it was submitted. */
  long completedCheckpoints(String jobId) throws IOException, InterruptedException {
    return get("/jobs/" + jobId + "/checkpoints").path("counts").path("completed").asLong(0);
  }

  /** Why {@code jobId} failed last, first line; empty when it never did. */
  Optional<String> failure(String jobId) throws IOException, InterruptedException {
    JsonNode entries =
        get("/jobs/" + jobId + "/exceptions").path("exceptionHistory").path("entries");
    String stack = entries.path(0).path("stacktrace").asString("");
    return stack.isEmpty() ? Optional.empty() : stack.lines().findFirst();
  }

  /** Uploads {@code jar}; returns the id by which it is run. */
  String upload(Path jar) throws IOException, InterruptedException {
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\nContent-Type: application/x-java-archive\r\n\r\n"
            .formatted(BOUNDARY, jar.getFileName());
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofFile(jar),
            BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    HttpRequest request =
        request("/jars/upload", SUBMIT_TIMEOUT)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(body)
            .build();
    String file = send(request).path("filename").asString("");
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /**
   * Runs an uploaded jar; returns the job's id once the JobManager has accepted it.
   *
   * @param parallelism of each operator that sets none
   * @param restoreFrom the job owns this snapshot from now on (claim mode): Flink deletes it when
   *     newer ones make it superfluous; {@code null} starts without state
   */
  String run(String jarId, List<String> args, int parallelism, Path restoreFrom)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    args.forEach(body.putArray("programArgsList")::add);
    body.put("parallelism", parallelism); // the cluster's own default does not apply here
    if (restoreFrom != null) {
      body.put("savepointPath", location(restoreFrom));
      body.put("claimMode", "CLAIM");
      body.put("allowNonRestoredState", false);
    }
    return post("/jars/" + jarId + "/run", body, SUBMIT_TIMEOUT).path("jobid").asString("");
  }

  /** Asks {@code jobId} to take a savepoint and stop; returns the id to ask for its progress. */
  String stopWithSavepoint(String jobId, Path directory) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.put("targetDirectory", location(directory));
    body.put("drain", false); // the job will go on: windows and timers must not fire now
    body.put("formatType", "NATIVE"); // the state backend's own files: fast, same Flink
    return post("/jobs/" + jobId + "/stop", body, TIMEOUT).path("request-id").asString("");
  }

  /**
   * Where the savepoint of {@link #stopWithSavepoint} is; empty while it is being taken.
   *
   * @throws IOException also when it could not be taken
   */
  Optional<String> savepoint(String jobId, String triggerId)
      throws IOException, InterruptedException {
    JsonNode answer = get("/jobs/" + jobId + "/savepoints/" + triggerId);
    if (!answer.path("status").path("id").asString("").equals("COMPLETED")) {
      return Optional.empty();
    }
    JsonNode operation = answer.path("operation");
    String cause = operation.path("failure-cause").path("stack-trace").asString("");
    if (!cause.isEmpty()) {
      throw new IOException(rootCause(cause));
    }
    return Optional.of(operation.path("location").asString(""));
  }

  /** Not {@link Path#toUri}: Flink does not decode what that encodes, such as a blank. */
  private static String location(Path path) {
    return "file://" + path.toAbsolutePath();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path, TIMEOUT).GET().build());
  }

  private JsonNode post(String path, JsonNode body, Duration timeout)
      throws IOException, InterruptedException {
    return send(
        request(path, timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    JsonNode body = parse(response.body());
    if (response.statusCode() / 100 != 2) {
      String errors = String.join(" ", texts(body.path("errors")));
      throw new IOException(
          request.uri().getPath() + ": HTTP " + response.statusCode() + " " + rootCause(errors));
    }
    return body;
  }

  private static JsonNode parse(String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IOException("not JSON from the JobManager: " + e.getOriginalMessage(), e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asString("")));
    return texts;
  }

  /** A refusal is a Java stack trace; its last "Caused by" is what went wrong. */
  static String rootCause(String stackTrace) {
    String marker = "Caused by: ";
    int last = stackTrace.lastIndexOf(marker);
    String cause = last < 0 ? stackTrace : stackTrace.substring(last + marker.length());
    return cause.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
  }
}
