package io.eventpipeline.registry;

import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.RegistryConfig.Token;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Who may pass: Basic with user and secret, or Bearer with the secret. Everybody else is refused
 * before the body is read.
 *
 * <p>Secrets are compared by their digests, in constant time, with every token, so that the time of
 * an answer tells nothing of how near a guess was.
 */
public final class Access {
  private static final String GRANT = "grant";

  private final List<Known> known;

  private record Known(byte[] basic, byte[] bearer, Grant grant) {}

  Access(List<Token> tokens) {
    this.known =
        tokens.stream()
            .map(
                token ->
                    new Known(
                        digest(token.user() + ":" + token.secret().value()),
                        digest(token.secret().value()),
                        new Grant(token.user(), token.rights(), token.subjects())))
            .toList();
  }

  /** Lets those pass who have at least these rights. */
  public Handler<RoutingContext> require(Rights rights) {
    return ctx -> {
      Grant grant = identify(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
      if (grant == null) {
        ctx.fail(new Problem(Problem.Code.UNAUTHORIZED, "No valid Authorization header"));
      } else if (grant.rights().compareTo(rights) < 0) {
        ctx.fail(
            new Problem(Problem.Code.FORBIDDEN, "The token of " + grant.user() + " may only read"));
      } else {
        ctx.put(GRANT, grant);
        ctx.next();
      }
    };
  }

  /** What the sender of the request may do; only behind {@link #require}. */
  public static Grant grant(RoutingContext ctx) {
    return ctx.get(GRANT);
  }

  /** What the holder of this {@code Authorization} may do; null when it is none that is known. */
  Grant identify(String header) {
    int space = header == null ? -1 : header.indexOf(' ');
    if (space < 0) {
      return null;
    }
    boolean basic = header.regionMatches(true, 0, "Basic ", 0, space + 1);
    boolean bearer = header.regionMatches(true, 0, "Bearer ", 0, space + 1);
    if (!basic && !bearer) {
      return null;
    }
    byte[] offered =
        basic ? digestOfBase64(header.substring(space + 1)) : digest(header.substring(space + 1));
    Grant match = null;
    for (Known candidate : known) {
      if (MessageDigest.isEqual(offered, basic ? candidate.basic() : candidate.bearer())) {
        match = candidate.grant();
      }
    }
    return match;
  }

  private static byte[] digestOfBase64(String text) {
    try {
      return sha256(Base64.getDecoder().decode(text.strip()));
    } catch (IllegalArgumentException e) {
      return new byte[0]; // not Base64: equal to no digest
    }
  }

  private static byte[] digest(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
