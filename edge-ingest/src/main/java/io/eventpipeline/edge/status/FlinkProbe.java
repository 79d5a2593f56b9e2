package io.eventpipeline.edge.status;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;

/** The Flink job that runs and its last completed checkpoint, from the JobManager's REST. */
final class FlinkProbe implements Probe {
  private final HttpProbe.Get get;
  private final Clock clock;

  FlinkProbe(HttpProbe.Get get, Clock clock) {
    this.get = get;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "flink";
  }

  @Override
  public Finding look() throws IOException, InterruptedException {
    JsonObject newest = newest(new JsonObject(get.body("/jobs/overview")).getJsonArray("jobs"));
    if (newest == null) {
      return Finding.degraded("no job was submitted", new JsonObject());
    }
    JsonObject details =
        new JsonObject()
            .put("job_id", newest.getString("jid"))
            .put("job_name", newest.getString("name"))
            .put("job_state", newest.getString("state"));
    if (!"RUNNING".equals(newest.getString("state"))) {
      return Finding.degraded("the job is " + newest.getString("state"), details);
    }
    checkpoint(newest.getString("jid"), details);
    return Finding.ok(details);
  }

  private static JsonObject newest(JsonArray jobs) {
    JsonObject newest = null;
    for (Object each : jobs) {
      JsonObject job = (JsonObject) each;
      if (newest == null || job.getLong("start-time") > newest.getLong("start-time")) {
        newest = job;
      }
    }
    return newest;
  }

  private void checkpoint(String job, JsonObject details) throws IOException, InterruptedException {
    JsonObject answer = new JsonObject(get.body("/jobs/" + job + "/checkpoints"));
    JsonObject latest = answer.getJsonObject("latest");
    JsonObject completed = latest == null ? null : latest.getJsonObject("completed");
    JsonObject counts = answer.getJsonObject("counts");
    if (counts != null) {
      details.put("checkpoints_completed", counts.getLong("completed"));
      details.put("checkpoints_failed", counts.getLong("failed"));
    }
    if (completed != null) {
      details
          .put("checkpoint_id", completed.getLong("id"))
          .put("checkpoint_age_ms", clock.millis() - completed.getLong("latest_ack_timestamp"))
          .put("checkpoint_duration_ms", completed.getLong("end_to_end_duration"));
    }
  }
}
