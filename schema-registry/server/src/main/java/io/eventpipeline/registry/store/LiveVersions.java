package io.eventpipeline.registry.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Versions of one type that are published and not withdrawn, oldest first. Their schemas are read
 * one by one, when they are asked for: all of them may be more than the heap holds.
 */
public final class LiveVersions {
  private final List<Outline> outlines;
  private final Source source;

  /** Where the schemas are read. */
  @FunctionalInterface
  public interface Source {
    /** Empty when it was erased meanwhile. */
    Optional<SchemaVersion> read(int version) throws SQLException;
  }

  /**
   * @param outlines versions of one type, oldest first; those that are not live are left out
   */
  public LiveVersions(List<Outline> outlines, Source source) {
    this.outlines = outlines.stream().filter(Outline::live).toList();
    this.source = source;
  }

  /** This one and no other. */
  public static LiveVersions of(SchemaVersion only) {
    return new LiveVersions(List.of(only.outline()), version -> Optional.of(only));
  }

  /** Without their schemas, oldest first. */
  public List<Outline> outlines() {
    return outlines;
  }

  /** With its schema; empty when it was erased meanwhile. */
  public Optional<SchemaVersion> read(Outline outline) throws SQLException {
    return source.read(outline.version());
  }

  /** With its schema; empty when there is none. */
  public Optional<SchemaVersion> newest() throws SQLException {
    return outlines.isEmpty() ? Optional.empty() : read(outlines.get(outlines.size() - 1));
  }

  /** The newest and no other; none when there is none. */
  public LiveVersions newestOnly() {
    return new LiveVersions(
        outlines.subList(Math.max(0, outlines.size() - 1), outlines.size()), source);
  }

  /** Those of them for which this holds. */
  public LiveVersions where(Predicate<Outline> condition) {
    return new LiveVersions(outlines.stream().filter(condition).toList(), source);
  }
}
