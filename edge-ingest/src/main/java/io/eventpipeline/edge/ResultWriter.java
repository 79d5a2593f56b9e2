package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;

/** The answers that name events: the object for one, the list for a batch or a frame. */
final class ResultWriter {
  private static final int RESULT_CHARS = 110;

  private ResultWriter() {}

  /** {@code {"id":…,"status":"accepted","partition":…,"offset":…}}. */
  static String single(Submission submission) {
    StringBuilder out = new StringBuilder(RESULT_CHARS).append('{');
    result(out, submission, 0);
    return out.append('}').toString();
  }

  /** {@code {"accepted":n,"rejected":n,"results":[…]}}; rejected counts invalid and retry. */
  static String batch(Submission submission) {
    StringBuilder out = new StringBuilder(64 + submission.size() * RESULT_CHARS).append('{');
    counts(out, submission);
    return out.append('}').toString();
  }

  /**
   * The batch object with two members before: {@code frame}, the number of the message on its
   * socket, from 0, and {@code credit}, how many more events the server reads before it waits.
   */
  static String frame(Submission submission, long frame, int credit) {
    StringBuilder out = new StringBuilder(96 + submission.size() * RESULT_CHARS);
    out.append("{\"frame\":").append(frame).append(",\"credit\":").append(credit).append(',');
    counts(out, submission);
    return out.append('}').toString();
  }

  private static void counts(StringBuilder out, Submission submission) {
    int accepted = submission.accepted();
    out.append("\"accepted\":").append(accepted);
    out.append(",\"rejected\":").append(submission.size() - accepted);
    out.append(",\"results\":[");
    for (int i = 0; i < submission.size(); i++) {
      out.append(i == 0 ? "{" : ",{").append("\"index\":").append(i).append(',');
      result(out, submission, i);
      out.append('}');
    }
    out.append(']');
  }

  private static void result(StringBuilder out, Submission submission, int i) {
    if (submission.id(i) != null) {
      JsonText.quoted(out.append("\"id\":"), submission.id(i)).append(',');
    }
    FailureReason reason = submission.reason(i);
    if (reason == null) {
      out.append("\"status\":\"accepted\",\"partition\":").append(submission.partition(i));
      out.append(",\"offset\":").append(submission.offset(i));
    } else {
      out.append(isRetry(reason) ? "\"status\":\"retry\"" : "\"status\":\"invalid\"");
      out.append(",\"reason\":\"").append(reason.code()).append("\",\"detail\":");
      JsonText.quoted(out, submission.detail(i));
    }
  }

  /** Whether the same bytes may be taken later. */
  static boolean isRetry(FailureReason reason) {
    return reason == FailureReason.UNAVAILABLE;
  }
}
