package io.eventpipeline.registry;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What the registry server is told at its start.
 *
 * @param http where it listens
 * @param postgres where the schemas are kept
 * @param tokens who may read and write; nobody else may do anything
 * @param clickhouse where the events are; without it no schema is tried on them and no field
 *     becomes a column
 */
public record RegistryConfig(
    Http http, Postgres postgres, List<Token> tokens, Optional<ClickHouse> clickhouse) {
  /** Refuses a registry that nobody could use, or two users of one name. */
  public RegistryConfig {
    Check.that(!tokens.isEmpty(), "tokens must name at least one user");
    tokens = List.copyOf(tokens);
    Check.that(
        tokens.stream().map(Token::user).distinct().count() == tokens.size(),
        "tokens must not name a user twice");
  }

  /** A registry that knows of no ClickHouse. */
  public RegistryConfig(Http http, Postgres postgres, List<Token> tokens) {
    this(http, postgres, tokens, Optional.empty());
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
   * The warehouse.
   *
   * @param url {@code http://host:port}
   * @param database of the tables {@code events_raw} and {@code events_processed}
   * @param reader may read these tables and {@code system.columns}; read-only, but free to set
   *     limits with a query ({@code readonly=2})
   * @param owner may add columns to {@code events_processed} and replace the view {@code
   *     processed}; without it columns are shown, and added by somebody else
   * @param sample what trying a schema on stored events may cost
   */
  public record ClickHouse(
      String url, String database, Login reader, Optional<Login> owner, Sample sample) {
    public ClickHouse {
      Check.that(
          url.startsWith("http://") || url.startsWith("https://"),
          "clickhouse.url must start with http:// or https://, was %s",
          url);
      Check.that(
          database.matches("[A-Za-z_][A-Za-z0-9_]*"),
          "clickhouse.database must be a plain name, was %s",
          database);
    }
  }

  /** A user of ClickHouse. */
  public record Login(String user, Secret password) {
    public Login {
      Check.that(!user.isBlank(), "clickhouse.*.user must not be blank");
    }
  }

  /**
   * The bounds of one sample.
   *
   * @param eventsMax most events that are tried
   * @param rowsReadMax most rows that ClickHouse reads to find them
   * @param bytesReadMax most bytes that ClickHouse reads, uncompressed
   * @param timeMax longest time in all; below the 60 s after which a silent connection is closed
   */
  public record Sample(long eventsMax, long rowsReadMax, long bytesReadMax, Duration timeMax) {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(50);

    public Sample {
      Check.that(
          eventsMax >= 1 && eventsMax <= 100_000_000,
          "clickhouse.sample.eventsMax must be in 1..100000000, was %s",
          eventsMax);
      Check.that(
          rowsReadMax >= 1, "clickhouse.sample.rowsReadMax must be > 0, was %s", rowsReadMax);
      Check.that(
          bytesReadMax >= 1, "clickhouse.sample.bytesReadMax must be > 0, was %s", bytesReadMax);
      Check.that(
          timeMax.compareTo(Duration.ofSeconds(1)) >= 0 && timeMax.compareTo(TIME_LIMIT) <= 0,
          "clickhouse.sample.timeMax must be in PT1S..PT50S, was %s",
          timeMax);
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
