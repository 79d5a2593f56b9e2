package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.config.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;

/** {@code POST /v1/events} or {@code POST /v1/events/batch}, one request in flight. */
final class RestLane extends Lane {
  /** How the events of a request are written down. */
  enum Form {
    SINGLE("/v1/events", "application/json", 1, "", "", ""),
    ARRAY("/v1/events/batch", "application/json", 250, "[", ",", "]"),
    NDJSON("/v1/events/batch", "application/x-ndjson", 250, "", "\n", "\n");

    private final String path;
    private final String contentType;
    private final int eventsMax;
    private final String opening;
    private final String separator;
    private final String closing;

    Form(
        String path,
        String contentType,
        int eventsMax,
        String opening,
        String separator,
        String closing) {
      this.path = path;
      this.contentType = contentType;
      this.eventsMax = eventsMax;
      this.opening = opening;
      this.separator = separator;
      this.closing = closing;
    }
  }

  private static final Duration IDLE_WAIT = Duration.ofMillis(20);
  private static final int EVENT_BYTES_USUAL = 512;
  private static final int PROBLEM_CHARS_MAX = 300;

  private final HttpClient http;
  private final URI edge;
  private final Secret writeKey;
  private final List<Form> forms;
  private int requests;

  /**
   * A lane that sends as the store of {@code writeKey}.
   *
   * @param forms used in turn
   */
  RestLane(Traffic traffic, HttpClient http, URI edge, Secret writeKey, List<Form> forms) {
    super(traffic);
    this.http = http;
    this.edge = edge;
    this.writeKey = writeKey;
    this.forms = List.copyOf(forms);
  }

  @Override
  void deliver() throws InterruptedException {
    while (!queue().isExhausted() && !traffic().hasFailed()) {
      Form form = forms.get(requests++ % forms.size());
      List<Outgoing> pending = queue().take(form.eventsMax, IDLE_WAIT);
      while (!pending.isEmpty() && !traffic().hasFailed()) {
        pending = exchange(form, pending);
      }
    }
  }

  /** One request; answers what is still to be sent, after the wait that is due. */
  private List<Outgoing> exchange(Form form, List<Outgoing> events) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(edge + form.path))
            .timeout(ANSWER_TIMEOUT)
            .header("Content-Type", form.contentType)
            .header("Authorization", "Bearer " + writeKey.value())
            .POST(BodyPublishers.ofByteArray(body(form, events)))
            .build();
    traffic().sending(events, System.nanoTime());
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      return settle(form, events, response);
    } catch (IOException e) {
      waitOut("edge: " + Failures.message(e), Duration.ZERO);
      return events;
    }
  }

  private List<Outgoing> settle(Form form, List<Outgoing> events, HttpResponse<byte[]> response)
      throws InterruptedException {
    int status = response.statusCode();
    if (status == 200 || status == 202) {
      List<Outgoing> rest = traffic().settle(events, parse(response.body()), System.nanoTime());
      progress(events, rest);
      if (!rest.isEmpty()) {
        waitOut("edge: " + rest.size() + " events to be sent again", retryAfter(response));
      }
      return rest;
    }
    if (status == 429 || status == 408 || status >= 500) {
      waitOut("edge: HTTP " + status, retryAfter(response));
      return events;
    }
    String problem = problem(status, response.body());
    if (form == Form.SINGLE && (status == 400 || status == 413 || status == 422)) {
      traffic().refuse(events.get(0), problem);
      return List.of();
    }
    throw new IllegalStateException("POST " + form.path + ": " + problem);
  }

  private static Answers parse(byte[] body) {
    try {
      return Answers.parse(body);
    } catch (JacksonException e) {
      throw new IllegalStateException("the edge's answer cannot be read: " + problem(200, body), e);
    }
  }

  private static byte[] body(Form form, List<Outgoing> events) {
    if (form == Form.SINGLE) {
      return events.get(0).body();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream(events.size() * EVENT_BYTES_USUAL);
    byte[] separator = form.separator.getBytes(UTF_8);
    body.writeBytes(form.opening.getBytes(UTF_8));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        body.writeBytes(separator);
      }
      body.writeBytes(events.get(i).body());
    }
    body.writeBytes(form.closing.getBytes(UTF_8));
    return body.toByteArray();
  }

  /** RFC 9110, section 10.2.3; the form with a date is not what the edge sends. */
  private static Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("0").strip();
    return seconds.matches("\\d{1,6}")
        ? Duration.ofSeconds(Integer.parseInt(seconds))
        : Duration.ZERO;
  }

  private static String problem(int status, byte[] body) {
    String text = new String(body, UTF_8);
    return "HTTP "
        + status
        + " "
        + (text.length() > PROBLEM_CHARS_MAX ? text.substring(0, PROBLEM_CHARS_MAX) : text);
  }
}
