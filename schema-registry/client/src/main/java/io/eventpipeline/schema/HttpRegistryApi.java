package io.eventpipeline.schema;

import io.eventpipeline.schema.RegistryApi.Answer.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@link RegistryApi} over the JDK's HTTP client, with a deadline for the whole exchange. */
final class HttpRegistryApi implements RegistryApi {
  /** A page of 100 schemas of 64 KiB, and as much again for what stands around them. */
  private static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String url;
  private final String token;
  private final Duration timeout;
  private final ExecutorService threads;
  private final HttpClient http;

  HttpRegistryApi(String url, String token, Duration timeout) {
    this.url = url;
    this.token = token;
    this.timeout = timeout;
    this.threads =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task, "schema-client-http");
              thread.setDaemon(true);
              return thread;
            });
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  @Override
  public Answer get(String path, String etag) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .timeout(timeout);
    if (!etag.isEmpty()) {
      request.header("If-None-Match", etag);
    }
    HttpResponse<byte[]> response = send(request.build());
    String tag = response.headers().firstValue("ETag").orElse("");
    return switch (response.statusCode()) {
      case 200 -> new Answer(Kind.FOUND, parse(response.body()), tag);
      case 304 -> new Answer(Kind.NOT_MODIFIED, null, tag);
      case 404 -> new Answer(notFound(response.body()), null, "");
      default ->
          throw new IOException("the registry answered " + response.statusCode() + " to " + path);
    };
  }

  /** The request's own timeout ends with the response's header; this one covers the body too. */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, info -> bounded());
    try {
      return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new IOException("the registry did not answer within " + timeout, e);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking the registry");
    } catch (ExecutionException e) {
      throw new IOException("the registry cannot be asked: " + e.getCause(), e.getCause());
    }
  }

  private static HttpResponse.BodySubscriber<byte[]> bounded() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    return BodySubscribers.mapping(
        BodySubscribers.ofByteArrayConsumer(
            part ->
                part.ifPresent(
                    bytes -> {
                      if (body.size() + bytes.length > BODY_BYTES_MAX) {
                        throw new UncheckedIOException(
                            new IOException("an answer above " + BODY_BYTES_MAX + " bytes"));
                      }
                      body.writeBytes(bytes);
                    })),
        ignored -> body.toByteArray());
  }

  private static JsonNode parse(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IOException("the registry's answer is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Only the registry's own word counts: a proxy or a wrong address answers 404 as well. */
  private static Kind notFound(byte[] body) throws NotUnderstood {
    return switch (code(body)) {
      case "unknown_type" -> Kind.UNKNOWN_TYPE;
      case "unknown_version" -> Kind.UNKNOWN_VERSION;
      default -> throw new NotUnderstood("404, and not from a schema registry");
    };
  }

  private static String code(byte[] body) {
    try {
      return JSON.readTree(body).path("code").asString("");
    } catch (JacksonException e) {
      return ""; // a page for people
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
