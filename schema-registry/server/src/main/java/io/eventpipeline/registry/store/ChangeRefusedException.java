package io.eventpipeline.registry.store;

import java.util.Optional;

/** A change that the present state of the registry does not allow; nothing was changed. */
public final class ChangeRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. Each dialect maps every one to a code of its own. */
  public enum Reason {
    UNKNOWN_TYPE,
    UNKNOWN_VERSION,
    /** Only drafts can be edited. */
    NOT_A_DRAFT,
    /** A later version was published since this draft was made. */
    STALE_DRAFT,
    /** A status never goes back. */
    WRONG_STATUS,
    /** Another version of the type has this content. */
    DUPLICATE_CONTENT,
    /** The version is not as the caller saw it. */
    CHANGED_MEANWHILE,
    /** The mode of the type, or of the registry. */
    READ_ONLY,
    /** The caller expected another version number. */
    WRONG_VERSION,
    /** What the schema refers to is not there, or withdrawn. */
    UNKNOWN_REFERENCE,
    /** Other schemas refer to it. */
    REFERENCED,
    /** Withdrawn already. */
    ALREADY_WITHDRAWN,
    /** To be withdrawn before it can be erased. */
    NOT_WITHDRAWN,
    /** Breaks readers or writers of earlier versions. */
    INCOMPATIBLE,
    /** What the migration makes of an example is not valid, or it makes nothing. */
    MIGRATION_FAILS,
    /** What it corrects is not there, is corrected already, or is not what it migrates. */
    CANNOT_SUPERSEDE,
    /** Fields are to be columns in ClickHouse that are not there. */
    COLUMNS_MISSING
  }

  private final Reason reason;
  private final transient Explanation explanation;

  /** Without a stack trace: an answer, not a defect. */
  public ChangeRefusedException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** With more than a sentence to show. */
  public ChangeRefusedException(Reason reason, String message, Explanation explanation) {
    super(message, null, false, false);
    this.reason = reason;
    this.explanation = explanation;
  }

  public Reason reason() {
    return reason;
  }

  /** What else there is to show. */
  public Optional<Explanation> explanation() {
    return Optional.ofNullable(explanation);
  }
}
