package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Refusal;
import io.eventpipeline.registry.store.ChangeRefusedException;

/** A request that is answered with one of the protocol's errors. */
final class ConfluentError extends Refusal {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  ConfluentError(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  static ConfluentError ofVersion(ChangeRefusedException refused) {
    return new ConfluentError(ErrorCode.ofVersion(refused.reason()), refused.getMessage());
  }

  static ConfluentError ofSubject(ChangeRefusedException refused) {
    return new ConfluentError(ErrorCode.ofSubject(refused.reason()), refused.getMessage());
  }

  static ConfluentError unknownSubject(String subject) {
    return new ConfluentError(ErrorCode.SUBJECT_NOT_FOUND, "Subject '" + subject + "' not found.");
  }

  static ConfluentError unknownVersion(String version) {
    return new ConfluentError(ErrorCode.VERSION_NOT_FOUND, "Version " + version + " not found.");
  }

  static ConfluentError unknownSchema() {
    return new ConfluentError(ErrorCode.SCHEMA_NOT_FOUND, "Schema not found");
  }

  ErrorCode code() {
    return code;
  }
}
