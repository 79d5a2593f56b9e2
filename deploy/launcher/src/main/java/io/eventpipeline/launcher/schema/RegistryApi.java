package io.eventpipeline.launcher.schema;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a registry's native API. */
final class RegistryApi {
  static final JsonMapper JSON = JsonMapper.builder().build();

  /** A sample takes up to 50 s. */
  private static final Duration TIME_MAX = Duration.ofSeconds(70);

  private final String url;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * @param url without path
   */
  RegistryApi(URI url, String token) {
    String text = url.toString();
    this.url = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.token = token;
  }

  /**
   * An answer.
   *
   * @param text as it came
   * @param json the same, read
   */
  record Reply(int status, String text, JsonNode json) {}

  /** There was no answer of a registry: the command could not be carried out at all. */
  static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
      super(message);
    }
  }

  Reply get(String path) throws UnreachableException, InterruptedException {
    return send(request(path).GET(), path);
  }

  Reply post(String path, JsonNode body) throws UnreachableException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())),
        path);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json")
        .timeout(TIME_MAX);
  }

  private Reply send(HttpRequest.Builder request, String path)
      throws UnreachableException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new UnreachableException("no registry answers at " + url + ": " + reason);
    }
    try {
      JsonNode json = JSON.readTree(response.body());
      if (json.isObject()) {
        return new Reply(response.statusCode(), response.body(), json);
      }
    } catch (JacksonException e) {
      throw noRegistry(path, response.statusCode());
    }
    throw noRegistry(path, response.statusCode());
  }

  private UnreachableException noRegistry(String path, int status) {
    return new UnreachableException(
        url + path + " answers HTTP " + status + " without JSON: that is no registry");
  }
}
