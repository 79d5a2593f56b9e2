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
final class Access {
  private static final String ACTOR = "actor";

  private final List<Known> known;

  private record Known(String user, byte[] basic, byte[] bearer, Rights rights) {}

  Access(List<Token> tokens) {
    this.known =
        tokens.stream()
            .map(
                token ->
                    new Known(
                        token.user(),
                        digest(token.user() + ":" + token.secret().value()),
                        digest(token.secret().value()),
                        token.rights()))
            .toList();
  }

  /** Lets those pass who have at least these rights. */
  Handler<RoutingContext> require(Rights rights) {
    return ctx -> {
      Known user = identify(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
      if (user == null) {
        ctx.fail(new Problem(Problem.Code.UNAUTHORIZED, "No valid Authorization header"));
      } else if (user.rights().compareTo(rights) < 0) {
        ctx.fail(
            new Problem(Problem.Code.FORBIDDEN, "The token of " + user.user() + " may only read"));
      } else {
        ctx.put(ACTOR, user.user());
        ctx.next();
      }
    };
  }

  /** Who sent the request; only behind {@link #require}. */
  static String actor(RoutingContext ctx) {
    return ctx.get(ACTOR);
  }

  private Known identify(String header) {
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
    Known match = null;
    for (Known candidate : known) {
      if (MessageDigest.isEqual(offered, basic ? candidate.basic() : candidate.bearer())) {
        match = candidate;
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
