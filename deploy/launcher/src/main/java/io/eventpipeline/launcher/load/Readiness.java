package io.eventpipeline.launcher.load;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Whether the edge takes events: asked before the first one. */
final class Readiness {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofMillis(500);

  private Readiness() {}

  /**
   * Returns when the edge is ready.
   *
   * @throws CommandException with its own reason when it is not within 30 s
   */
  static void await(HttpClient http, URI edge) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(edge + "/health/ready")).timeout(ANSWER).build();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      String why;
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return;
        }
        why = "HTTP " + response.statusCode() + " " + response.body();
      } catch (IOException e) {
        why = Failures.message(e);
      }
      if (System.nanoTime() > deadline) {
        throw new CommandException("the edge at " + edge + " is not ready: " + why);
      }
      Thread.sleep(RETRY.toMillis());
    }
  }
}
