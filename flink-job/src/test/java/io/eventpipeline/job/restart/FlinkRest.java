package io.eventpipeline.job.restart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What an operator does with a job over the JobManager's REST API. */
final class FlinkRest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BOUNDARY = "a-jar";

  private final Supplier<String> url;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param url of a JobManager that answers, asked anew each time
   */
  FlinkRest(Supplier<String> url) {
    this.url = url;
  }

  /**
   * What is run.
   *
   * @param jar whose classes it has
   * @param main its main class
   */
  record Program(Path jar, String main) {}

  /** Uploads and runs; returns the job's id. */
  String run(Program program, Path config, int parallelism, Optional<Path> from)
      throws IOException, InterruptedException {
    return run("run", program, config, parallelism, from).path("jobid").asString();
  }

  /**
   * The same, but Flink keeps the program instead of what it made, and runs it again to recover the
   * job, as it does with one cluster for each job; returns the job's id.
   */
  String runAsApplication(Program program, Path config, int parallelism, Optional<Path> from)
      throws IOException, InterruptedException {
    return run("run-application", program, config, parallelism, from)
        .path("applicationid") // its first job has this id too
        .asString();
  }

  private JsonNode run(
      String how, Program program, Path config, int parallelism, Optional<Path> from)
      throws IOException, InterruptedException {
    BodyPublisher upload =
        BodyPublishers.concat(
            BodyPublishers.ofString(
                "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"job.jar\"\r\n\r\n"
                    .formatted(BOUNDARY)),
            BodyPublishers.ofFile(program.jar()),
            BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    String file =
        send(request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(upload))
            .path("filename")
            .asString();
    ObjectNode body = JSON.createObjectNode();
    body.putArray("programArgsList").add("--config").add(config.toString());
    body.put("entryClass", program.main());
    body.put("parallelism", parallelism);
    from.ifPresent(
        snapshot -> {
          body.put("savepointPath", "file://" + snapshot);
          body.put("claimMode", "NO_CLAIM");
        });
    String jarId = file.substring(file.lastIndexOf('/') + 1);
    return post("/jars/" + jarId + "/" + how, body);
  }

  String state(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job).path("state").asString();
  }

  /** Names of the tasks, each with those of its operators. */
  List<String> tasks(String job) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    get("/jobs/" + job)
        .path("vertices")
        .forEach(vertex -> names.add(vertex.path("name").asString("")));
    return names;
  }

  /** Resource ids of those that run any of its tasks. */
  Set<String> taskManagers(String job) throws IOException, InterruptedException {
    Set<String> ids = new HashSet<>();
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      get("/jobs/" + job + "/vertices/" + vertex.path("id").asString() + "/taskmanagers")
          .path("taskmanagers")
          .forEach(taskManager -> ids.add(taskManager.path("taskmanager-id").asString()));
    }
    return ids;
  }

  /** Why the job failed last, with all causes; empty when it never did. */
  String failure(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job + "/exceptions")
        .path("exceptionHistory")
        .path("entries")
        .path(0)
        .path("stacktrace")
        .asString("");
  }

  /** When the first checkpoint that was triggered after {@code instant} was complete. */
  Optional<Instant> checkpointedSince(String job, Instant instant)
      throws IOException, InterruptedException {
    return get("/jobs/" + job + "/checkpoints")
        .path("history")
        .valueStream()
        .filter(checkpoint -> checkpoint.path("status").asString("").equals("COMPLETED"))
        .filter(
            checkpoint -> checkpoint.path("trigger_timestamp").asLong(0) > instant.toEpochMilli())
        .map(checkpoint -> Instant.ofEpochMilli(checkpoint.path("latest_ack_timestamp").asLong()))
        .min(Comparator.naturalOrder());
  }

  /** Number of the newest complete checkpoint; 0 without one. */
  long newestCheckpoint(String job) throws IOException, InterruptedException {
    return latestCheckpoint(job, "completed");
  }

  /** Number of the checkpoint that the job went on from last; 0 without one. */
  long restoredFrom(String job) throws IOException, InterruptedException {
    return latestCheckpoint(job, "restored");
  }

  private long latestCheckpoint(String job, String which) throws IOException, InterruptedException {
    return get("/jobs/" + job + "/checkpoints").path("latest").path(which).path("id").asLong(0);
  }

  /** Empty while it is being taken. */
  Optional<Path> savepoint(String job, String trigger) throws IOException, InterruptedException {
    JsonNode answer = get("/jobs/" + job + "/savepoints/" + trigger);
    if (!answer.path("status").path("id").asString("").equals("COMPLETED")) {
      return Optional.empty();
    }
    JsonNode location = answer.path("operation").path("location");
    if (location.isMissingNode()) {
      throw new IOException(answer.toString());
    }
    return Optional.of(Path.of(URI.create(location.asString()).getPath()));
  }

  /** Returns what to ask {@link #savepoint} for. */
  String triggerSavepoint(String job, boolean stop, String format, Path directory)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.put(stop ? "targetDirectory" : "target-directory", "file://" + directory);
    body.put("formatType", format);
    return post("/jobs/" + job + (stop ? "/stop" : "/savepoints"), body)
        .path("request-id")
        .asString();
  }

  void cancel(String job) throws IOException, InterruptedException {
    send(request("/jobs/" + job + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url.get() + path)).timeout(Duration.ofSeconds(90));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
  }
}
