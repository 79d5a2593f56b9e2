package io.eventpipeline.job.lookup;

import io.eventpipeline.job.LookupStatus;
import io.eventpipeline.job.StoreConfig;
import io.eventpipeline.job.UserProfile;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of value that is looked up: how it is spelled in Redis (a JSON object) and in Postgres.
 *
 * @param <V> the value
 */
abstract class Kind<V> {
  static final Kind<UserProfile> PROFILES = new Profiles();
  static final Kind<StoreConfig> STORES = new Stores();

  private static final JsonMapper JSON = JsonMapper.shared();

  final String name;

  /** Prefix of the Redis keys. */
  final String redisPrefix;

  /** One parameter, an array of keys; the first column of the answer is the key. */
  final String sql;

  private Kind(String name, String redisPrefix, String sql) {
    this.name = name;
    this.redisPrefix = redisPrefix;
    this.sql = sql;
  }

  /**
   * Reads what {@link #toJson} wrote, in this program or another.
   *
   * @throws JacksonException when it is not that
   */
  final V fromJson(String json) {
    return read(JSON.readTree(json));
  }

  final String toJson(V value) {
    ObjectNode json = JSON.createObjectNode();
    write(value, json);
    return JSON.writeValueAsString(json);
  }

  abstract V fromRow(ResultSet row) throws SQLException;

  abstract V read(JsonNode json);

  abstract void write(V value, ObjectNode json);

  private static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private static final class Profiles extends Kind<UserProfile> {
    Profiles() {
      super(
          "user profiles",
          "user_profile:",
          "SELECT user_id, segment, country, signup_at, orders, lifetime_value"
              + " FROM user_profile WHERE user_id = ANY (?)");
    }

    @Override
    UserProfile fromRow(ResultSet row) throws SQLException {
      Timestamp signup = row.getTimestamp("signup_at");
      BigDecimal value = row.getBigDecimal("lifetime_value");
      return new UserProfile(
          text(row, "segment"),
          text(row, "country"),
          signup == null ? 0 : micros(signup.toInstant()),
          row.getInt("orders"),
          value == null ? 0 : value.movePointRight(4).longValue(),
          LookupStatus.HIT);
    }

    @Override
    UserProfile read(JsonNode json) {
      return new UserProfile(
          text(json, "segment"),
          text(json, "country"),
          json.path("signup_at_micros").asLong(0),
          json.path("orders").asInt(0),
          json.path("lifetime_value_e4").asLong(0),
          LookupStatus.HIT);
    }

    @Override
    void write(UserProfile profile, ObjectNode json) {
      json.put("segment", profile.segment())
          .put("country", profile.country())
          .put("signup_at_micros", profile.signupAtMicros())
          .put("orders", profile.orders())
          .put("lifetime_value_e4", profile.lifetimeValueE4());
    }

    private static long micros(Instant instant) {
      return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
  }

  private static final class Stores extends Kind<StoreConfig> {
    Stores() {
      super(
          "store configurations",
          "store_config:",
          "SELECT store_id, name, time_zone, currency, country"
              + " FROM store_config WHERE store_id = ANY (?)");
    }

    @Override
    StoreConfig fromRow(ResultSet row) throws SQLException {
      return new StoreConfig(
          text(row, "name"),
          text(row, "time_zone"),
          text(row, "currency"),
          text(row, "country"),
          LookupStatus.HIT);
    }

    @Override
    StoreConfig read(JsonNode json) {
      return new StoreConfig(
          text(json, "name"),
          text(json, "time_zone"),
          text(json, "currency"),
          text(json, "country"),
          LookupStatus.HIT);
    }

    @Override
    void write(StoreConfig store, ObjectNode json) {
      json.put("name", store.name())
          .put("time_zone", store.timeZone())
          .put("currency", store.currency())
          .put("country", store.country());
    }
  }
}
