package io.eventpipeline.job.clickhouse;

import static java.util.Map.entry;

import java.util.Map;

/**
 * What an error means for a block; by ClickHouse's code, never by the text.
 *
 * <p>Codes and names: {@code src/Common/ErrorCodes.cpp} of ClickHouse 26.7; a test asks the server
 * for the names.
 */
enum ErrorClass {
  /** Nothing is known, or it will pass: look what landed and try again, for ever. */
  RETRY,
  /** A row that the table cannot hold: find it, set it aside, land its neighbours. */
  DATA,
  /** Neither time, another cut nor a restart helps: the job stops and shows the message. */
  STOP,
  /**
   * Nobody knows whether it passes: the task fails and Flink starts it again, with growing delays.
   * That looks at the tables anew, and stops the job when they are not what they should be.
   */
  RESTART;

  static final Map<Integer, String> DATA_CODES =
      Map.ofEntries(
          entry(6, "CANNOT_PARSE_TEXT"),
          entry(26, "CANNOT_PARSE_QUOTED_STRING"),
          entry(27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED"),
          entry(38, "CANNOT_PARSE_DATE"),
          entry(41, "CANNOT_PARSE_DATETIME"),
          entry(53, "TYPE_MISMATCH"),
          entry(69, "ARGUMENT_OUT_OF_BOUND"),
          entry(70, "CANNOT_CONVERT_TYPE"),
          entry(72, "CANNOT_PARSE_NUMBER"),
          entry(117, "INCORRECT_DATA"),
          entry(131, "TOO_LARGE_STRING_SIZE"),
          entry(321, "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE"),
          entry(349, "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN"),
          entry(407, "DECIMAL_OVERFLOW"),
          entry(467, "CANNOT_PARSE_BOOL"),
          entry(469, "VIOLATED_CONSTRAINT"),
          entry(691, "UNKNOWN_ELEMENT_OF_ENUM"));

  static final Map<Integer, String> RETRY_CODES =
      Map.ofEntries(
          entry(3, "UNEXPECTED_END_OF_FILE"),
          entry(23, "CANNOT_READ_FROM_ISTREAM"),
          entry(24, "CANNOT_WRITE_TO_OSTREAM"),
          // These two and ZSTD_DECODER_FAILED: a body that was cut off on its way
          entry(32, "ATTEMPT_TO_READ_AFTER_EOF"),
          entry(33, "CANNOT_READ_ALL_DATA"),
          entry(74, "CANNOT_READ_FROM_FILE_DESCRIPTOR"),
          entry(75, "CANNOT_WRITE_TO_FILE_DESCRIPTOR"),
          entry(76, "CANNOT_OPEN_FILE"),
          entry(77, "CANNOT_CLOSE_FILE"),
          entry(159, "TIMEOUT_EXCEEDED"),
          entry(160, "TOO_SLOW"),
          // An operator has closed the server or the table for writes; the rows wait
          entry(164, "READONLY"),
          entry(173, "CANNOT_ALLOCATE_MEMORY"),
          entry(198, "DNS_ERROR"),
          entry(201, "QUOTA_EXCEEDED"),
          entry(202, "TOO_MANY_SIMULTANEOUS_QUERIES"),
          entry(203, "NO_FREE_CONNECTION"),
          entry(204, "CANNOT_FSYNC"),
          entry(209, "SOCKET_TIMEOUT"),
          entry(210, "NETWORK_ERROR"),
          entry(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING"),
          // Said while it goes, and by a server that shuts down; gone, it is UNKNOWN_TABLE
          entry(218, "TABLE_IS_DROPPED"),
          entry(225, "NO_ZOOKEEPER"),
          entry(236, "ABORTED"),
          entry(241, "MEMORY_LIMIT_EXCEEDED"),
          entry(242, "TABLE_IS_READ_ONLY"),
          entry(243, "NOT_ENOUGH_SPACE"),
          entry(244, "UNEXPECTED_ZOOKEEPER_ERROR"),
          entry(252, "TOO_MANY_PARTS"),
          entry(254, "NO_ACTIVE_REPLICAS"),
          entry(265, "NO_AVAILABLE_REPLICA"),
          entry(279, "ALL_CONNECTION_TRIES_FAILED"),
          entry(285, "TOO_FEW_LIVE_REPLICAS"),
          entry(286, "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE"),
          entry(289, "REPLICA_IS_NOT_IN_QUORUM"),
          entry(290, "LIMIT_EXCEEDED"),
          entry(297, "SHARD_HAS_NO_CONNECTIONS"),
          entry(319, "UNKNOWN_STATUS_OF_INSERT"),
          entry(364, "RECEIVED_ERROR_TOO_MANY_REQUESTS"),
          entry(384, "PART_IS_TEMPORARILY_LOCKED"),
          entry(394, "QUERY_WAS_CANCELLED"),
          entry(425, "SYSTEM_ERROR"),
          entry(439, "CANNOT_SCHEDULE_TASK"),
          entry(473, "DEADLOCK_AVOIDED"),
          entry(499, "S3_ERROR"),
          entry(561, "ZSTD_DECODER_FAILED"),
          entry(745, "SERVER_OVERLOADED"),
          entry(774, "TABLE_IS_PERMANENTLY_READ_ONLY"),
          entry(999, "KEEPER_EXCEPTION"),
          entry(1000, "POCO_EXCEPTION"),
          entry(1001, "STD_EXCEPTION"),
          entry(1002, "UNKNOWN_EXCEPTION"));

  /**
   * UNKNOWN_TABLE (60) is not among them: a server that has just started says it of the target of a
   * view that it has not loaded yet (ClickHouse#115079).
   */
  static final Map<Integer, String> STOP_CODES =
      Map.ofEntries(
          entry(16, "NO_SUCH_COLUMN_IN_TABLE"),
          entry(44, "ILLEGAL_COLUMN"),
          entry(47, "UNKNOWN_IDENTIFIER"),
          entry(48, "NOT_IMPLEMENTED"),
          entry(50, "UNKNOWN_TYPE"),
          entry(62, "SYNTAX_ERROR"),
          entry(73, "UNKNOWN_FORMAT"),
          entry(115, "UNKNOWN_SETTING"),
          entry(192, "UNKNOWN_USER"),
          entry(193, "WRONG_PASSWORD"),
          entry(194, "REQUIRED_PASSWORD"),
          entry(195, "IP_ADDRESS_NOT_ALLOWED"),
          entry(291, "DATABASE_ACCESS_DENIED"),
          entry(452, "SETTING_CONSTRAINT_VIOLATION"),
          entry(497, "ACCESS_DENIED"),
          entry(516, "AUTHENTICATION_FAILED"));

  /** For a code that ClickHouse answered; one that is not listed fails the task. */
  static ErrorClass ofCode(int code) {
    if (DATA_CODES.containsKey(code)) {
      return DATA;
    }
    if (RETRY_CODES.containsKey(code)) {
      return RETRY;
    }
    return STOP_CODES.containsKey(code) ? STOP : RESTART;
  }
}
