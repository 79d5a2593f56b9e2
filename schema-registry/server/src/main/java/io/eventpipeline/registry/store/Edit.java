package io.eventpipeline.registry.store;

import io.eventpipeline.registry.store.ChangeRefusedException.Reason;

/**
 * What is to change in a draft; null keeps what is there.
 *
 * @param migration {@code ""} takes it away
 * @param supersedes 0 takes it away
 */
public record Edit(Content content, String description, String migration, Integer supersedes) {

  /** The draft as it will be. */
  SchemaVersion on(SchemaVersion draft) throws ChangeRefusedException {
    Evolution was = draft.evolution();
    Evolution now =
        new Evolution(
            migration == null ? was.migration() : migration,
            supersedes == null ? was.supersedes() : supersedes);
    refuseLater(now, draft.version());
    return new SchemaVersion(
        draft.id(),
        draft.guid(),
        draft.type(),
        draft.version(),
        draft.status(),
        draft.published(),
        description == null ? draft.description() : description,
        now,
        draft.upcastsFrom(),
        content == null ? draft.content() : content,
        draft.createdAt(),
        draft.changed());
  }

  /** So that no circle can come of it. */
  static void refuseLater(Evolution evolution, int version) throws ChangeRefusedException {
    if (evolution.supersedes() >= version) {
      throw new ChangeRefusedException(
          Reason.CANNOT_SUPERSEDE,
          "version "
              + version
              + " can supersede an earlier one only, not version "
              + evolution.supersedes());
    }
  }

  /** What the audit table adds to an action. */
  static String said(Evolution evolution) {
    return (evolution.migration().isEmpty() ? "" : ", with a migration")
        + (evolution.supersedes() == 0 ? "" : ", supersedes " + evolution.supersedes());
  }
}
