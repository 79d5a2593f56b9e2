package io.eventpipeline.schema;

import io.eventpipeline.schema.migration.Migration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of the data of an event that names a version: which schema it is held against, and
 * what makes it data of a newer version. Immutable, safe for use by many threads.
 *
 * <p>For an event that names the newest version it is one validation and nothing else.
 */
public final class Reading {
  private final int named;
  private final int version;
  private final CompiledSchema schema;
  private final List<Migration> corrections;
  private final List<Migration> upcasts;
  private final CompiledSchema shape;

  /**
   * @param shape what the migrated data must keep to; null without migrations after the validation
   */
  Reading(
      int named,
      int version,
      List<Migration> corrections,
      CompiledSchema schema,
      List<Migration> upcasts,
      CompiledSchema shape) {
    this.named = named;
    this.version = version;
    this.corrections = List.copyOf(corrections);
    this.schema = schema;
    this.upcasts = List.copyOf(upcasts);
    this.shape = shape;
  }

  /** Events of this version are validated against it and written as it. */
  public static Reading plain(CompiledSchema schema) {
    return new Reading(schema.version(), schema.version(), List.of(), schema, List.of(), null);
  }

  /** Events of {@code from} are migrated to the version of {@code to} once they are valid. */
  public static Reading upcasting(
      CompiledSchema from, List<Migration> migrations, CompiledSchema to) {
    return new Reading(from.version(), to.version(), List.of(), from, migrations, to);
  }

  /** The version that events name; the newest one for those that name none. */
  public int named() {
    return named;
  }

  /** Whether it was made with this schema, if it uses that version's at all. */
  boolean isOf(CompiledSchema named) {
    return schema.version() != named.version() || schema == named;
  }

  /** The version that events are written as. */
  public int version() {
    return version;
  }

  /** How many migrations the data goes through before it is validated. */
  public int corrections() {
    return corrections.size();
  }

  /** How many migrations the data goes through once it is valid. */
  public int upcasts() {
    return upcasts.size();
  }

  /** The schema that events are held against: of the named version, or of one that corrects it. */
  public CompiledSchema schema() {
    return schema;
  }

  /**
   * What came of reading the data of one event.
   *
   * @param data as it is to be written; that of the event itself when nothing changed it; null when
   *     it was refused
   * @param changed whether a migration changed it
   * @param violations why the event is not valid; empty when it is, or when a migration failed
   * @param failure why a migration failed, for people; {@code ""} when none did
   */
  public record Result(JsonNode data, boolean changed, List<Violation> violations, String failure) {
    /** Whether there is data. */
    public boolean done() {
      return data != null;
    }

    static Result of(JsonNode data, boolean changed) {
      return new Result(data, changed, List.of(), "");
    }

    static Result invalid(List<Violation> violations) {
      return new Result(null, false, violations, "");
    }

    static Result failed(String why) {
      return new Result(null, false, List.of(), why);
    }
  }

  /**
   * Validates, and migrates where that is called for.
   *
   * @param data JSON object; not changed
   * @return never null; never throws for any data
   */
  public Result read(JsonNode data) {
    Result corrected = migrate(data, corrections);
    if (!corrected.done()) {
      return corrected;
    }
    List<Violation> violations = schema.validate(corrected.data());
    if (!violations.isEmpty()) {
      return corrected.changed() ? unfit(schema, violations) : Result.invalid(violations);
    }
    if (upcasts.isEmpty()) {
      return corrected;
    }
    Result upcast = migrate(corrected.data(), upcasts);
    if (!upcast.done()) {
      return upcast;
    }
    List<Violation> misfits = shape.validate(upcast.data());
    return misfits.isEmpty() ? upcast : unfit(shape, misfits);
  }

  /**
   * Only whether the producer is to blame: without the way to a newer version, and without what a
   * migration fails on.
   *
   * @param data JSON object; not changed
   * @return empty when the data is valid. Never throws for any data
   */
  public List<Violation> validate(JsonNode data) {
    return corrections.isEmpty() ? schema.validate(data) : List.of();
  }

  private static Result unfit(CompiledSchema schema, List<Violation> violations) {
    return Result.failed("what it gives is not valid for " + schema + ": " + violations.get(0));
  }

  private static Result migrate(JsonNode data, List<Migration> migrations) {
    JsonNode now = data;
    for (Migration migration : migrations) {
      Migration.Result result = migration.apply(now);
      if (!result.done()) {
        return Result.failed(result.failure());
      }
      if (!result.data().isObject()) {
        return Result.failed("what it gives is no object");
      }
      now = result.data();
    }
    return Result.of(now, !migrations.isEmpty());
  }

  @Override
  public String toString() {
    return schema.type() + "/" + named + (named == version ? "" : " as " + version);
  }
}
