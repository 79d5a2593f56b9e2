package io.eventpipeline.edge.status;

import io.eventpipeline.config.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A component that is well when one GET answers 200: ClickHouse, the schema registry. */
final class HttpProbe implements Probe {
  private final String name;
  private final Get get;
  private final String path;

  HttpProbe(String name, Get get, String path) {
    this.name = name;
    this.get = get;
    this.path = path;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Finding look() throws IOException, InterruptedException {
    get.body(path);
    return Finding.ok(new JsonObject());
  }

  /** Reads texts below one address within a time limit. */
  static final class Get {
    private final HttpClient client;
    private final URI base;
    private final Secret token;
    private final Duration timeout;

    Get(URI base, Secret token, Duration timeout) {
      this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
      this.base = base;
      this.token = token;
      this.timeout = timeout;
    }

    /** The body at the path; anything but 200 is an exception. */
    String body(String path) throws IOException, InterruptedException {
      HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
      if (!token.value().isEmpty()) {
        request.header("Authorization", "Bearer " + token.value());
      }
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("HTTP " + response.statusCode() + " from " + path);
      }
      return response.body();
    }
  }
}
