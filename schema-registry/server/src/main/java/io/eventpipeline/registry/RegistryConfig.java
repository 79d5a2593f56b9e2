package io.eventpipeline.registry;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What the registry server is told at its start.
 *
 * @param http where it listens
 * @param postgres where the schemas are kept
 * @param tokens who may read and write; nobody else may do anything
 */
public record RegistryConfig(Http http, Postgres postgres, List<Token> tokens) {
  /** Refuses a registry that nobody could use, or two users of one name. */
  public RegistryConfig {
    Check.that(!tokens.isEmpty(), "tokens must name at least one user");
    tokens = List.copyOf(tokens);
    Check.that(
        tokens.stream().map(Token::user).distinct().count() == tokens.size(),
        "tokens must not name a user twice");
  }

  /**
   * The listener.
   *
   * @param host address to bind
   * @param port TCP port, 0 = any free one
   */
  public record Http(String host, int port) {
    public Http {
      Check.that(!host.isBlank(), "http.host must not be blank");
      Check.that(port >= 0 && port <= 65_535, "http.port must be in 0..65535, was %s", port);
    }
  }

  /**
   * The database. The tables are in its schema {@code registry} and are created at the start.
   *
   * @param url {@code jdbc:postgresql://host:port/database}
   * @param poolMax most connections, and so most requests that work at the same time
   */
  public record Postgres(String url, String user, Secret password, int poolMax) {
    public Postgres {
      Check.that(
          url.startsWith("jdbc:postgresql:"),
          "postgres.url must start with jdbc:postgresql:, was %s",
          url);
      Check.that(!user.isBlank(), "postgres.user must not be blank");
      Check.that(
          poolMax >= 1 && poolMax <= 200, "postgres.poolMax must be in 1..200, was %s", poolMax);
    }
  }

  /**
   * One who may use the registry: by Basic with user and secret, or by Bearer with the secret.
   *
   * @param user name in the audit table
   * @param secret at least 8 characters
   * @param rights {@code READ}, or {@code WRITE}, which includes reading
   * @param subjects event types that it covers, with {@code *} for any characters; may be left out
   *     and is {@code ["*"]} then
   */
  @JsonDeserialize(using = TokenReader.class)
  public record Token(String user, Secret secret, Rights rights, List<String> subjects) {
    private static final List<String> EVERYTHING = List.of("*");
    private static final Pattern SUBJECTS = Pattern.compile("[A-Za-z0-9._*-]{1,128}");

    public Token {
      Check.that(
          !user.isBlank() && user.indexOf(':') < 0,
          "tokens.user must not be blank or hold a colon, was '%s'",
          user);
      Check.that(
          secret.value().length() >= 8, "tokens.secret of %s must have 8 characters or more", user);
      Check.that(
          !subjects.isEmpty() && subjects.stream().allMatch(s -> SUBJECTS.matcher(s).matches()),
          "tokens.subjects of %s must name event types, with * for any characters",
          user);
      subjects = List.copyOf(subjects);
    }

    /** A token for all event types. */
    public Token(String user, Secret secret, Rights rights) {
      this(user, secret, rights, EVERYTHING);
    }
  }

  /** What a token allows. */
  public enum Rights {
    READ,
    WRITE
  }
}
