package io.eventpipeline.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventpipeline.registry.confluent.MediaTypes;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers reads by id from memory, before the router and without a worker: {@code GET
 * /schemas/{id}} and {@code GET /schemas/ids/{id}}, without a query, for callers who may read.
 *
 * <p>What an id stands for never changes, and what else an answer shows (a status) does so rarely:
 * an answer is kept until this server writes anything, and for {@link #KEPT} at most, which is how
 * long a change by another server on the same database may stay unseen here. Only what was found is
 * kept. Tokens are checked each time, and answers of tokens with other rights are kept apart.
 */
public final class QuickReads {
  /** How far a read by id may lie behind another server's change. */
  static final Duration KEPT = Duration.ofSeconds(1);

  private static final String NATIVE = "/schemas/";
  private static final String DIALECT = "/schemas/ids/";
  private static final int ID_DIGITS_MAX = 10;
  private static final String TICKET = "quick-read";

  /** Answers of usually 2 KiB; 64 KiB, and as much again for escapes, at the very worst. */
  private static final long BYTES_MAX = 16 * 1024 * 1024;

  private final Access access;
  private final AtomicLong writes = new AtomicLong();
  private final Cache<Question, Answer> answers =
      Caffeine.newBuilder()
          .expireAfterWrite(KEPT)
          .maximumWeight(BYTES_MAX)
          .weigher((Question question, Answer answer) -> answer.body().length() + 1_000)
          .build();

  /**
   * What is asked. Nothing in it is the caller's own text, or the keys could grow without a bound.
   *
   * @param path one of the two, with an id
   * @param type of the answer; one of three, whatever the caller accepts
   * @param subjects of the token
   */
  record Question(String path, String type, List<String> subjects) {}

  private record Answer(MultiMap headers, String etag, Buffer body) {}

  /** Where the answer of a request may be kept, unless something was written since it came. */
  private record Ticket(QuickReads reads, Question question, long writes) {}

  QuickReads(Access access) {
    this.access = access;
  }

  /** Answers what it can and leaves the rest to {@code router}. */
  Handler<HttpServerRequest> before(Handler<HttpServerRequest> router) {
    return request -> {
      Answer answer = isRead(request.method(), request.uri()) ? find(request) : null;
      if (answer == null) {
        router.handle(request);
      } else {
        send(answer, request);
      }
    };
  }

  private Answer find(HttpServerRequest request) {
    Grant grant = access.identify(request.getHeader(HttpHeaders.AUTHORIZATION));
    return grant == null
        ? null // the router says no
        : answers.getIfPresent(question(request, grant));
  }

  private static Question question(HttpServerRequest request, Grant grant) {
    return question(request.uri(), request.getHeader(HttpHeaders.ACCEPT), grant.subjects());
  }

  static Question question(String path, String accept, List<String> subjects) {
    return new Question(path, MediaTypes.answer(accept), subjects);
  }

  private static void send(Answer answer, HttpServerRequest request) {
    request.routed(request.uri().startsWith(DIALECT) ? "/schemas/ids/:id" : "/schemas/:id");
    HttpServerResponse response = request.response();
    response.headers().addAll(answer.headers());
    String known = answer.etag() == null ? null : request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && Representation.matches(known, answer.etag())) {
      response.headers().remove(HttpHeaders.CONTENT_TYPE);
      response.setStatusCode(304).end();
    } else {
      response.end(answer.body());
    }
  }

  /** Exactly one of the two paths with a number at its end. */
  static boolean isRead(HttpMethod method, String uri) {
    if (!method.equals(HttpMethod.GET) || !uri.startsWith(NATIVE)) {
      return false;
    }
    int from = uri.startsWith(DIALECT) ? DIALECT.length() : NATIVE.length();
    int digits = uri.length() - from;
    if (digits < 1 || digits > ID_DIGITS_MAX) {
      return false;
    }
    for (int i = from; i < uri.length(); i++) {
      if (uri.charAt(i) < '0' || uri.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Lets the answer of a read be kept; stands in the router behind the check of the token. */
  void watchRead(RoutingContext ctx) {
    if (isRead(ctx.request().method(), ctx.request().uri())) {
      Question question = question(ctx.request(), Access.grant(ctx));
      ctx.put(TICKET, new Ticket(this, question, writes.get()));
    }
    ctx.next();
  }

  /** Forgets everything before the sender of this request can see that it succeeded. */
  void watchWrite(RoutingContext ctx) {
    ctx.addHeadersEndHandler(
        sent -> {
          writes.incrementAndGet();
          answers.invalidateAll();
        });
  }

  /** Keeps what is about to be answered with 200, if the request is a read by id. */
  public static void offer(RoutingContext ctx, Buffer body) {
    Ticket ticket = ctx.get(TICKET);
    if (ticket != null) {
      MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(ctx.response().headers());
      ticket.reads().keep(ticket, new Answer(headers, headers.get(HttpHeaders.ETAG), body));
    }
  }

  private void keep(Ticket ticket, Answer answer) {
    answers.put(ticket.question(), answer);
    if (writes.get() != ticket.writes()) {
      answers.invalidate(ticket.question()); // read before the write
    }
  }
}
