package io.eventpipeline.services;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The ClickHouse server process: a small JVM around the engine's library. The library's command
 * line is {@code clickhouse-local}, which can listen; it serves for as long as its query runs, and
 * the last query never ends. SIGTERM ends it.
 */
final class ClickHouseHost {
  private static final String SERVE =
      """
      SYSTEM START LISTEN HTTP;
      SYSTEM START LISTEN TCP;
      SELECT sleepEachRow(1) FROM numbers(1000000000) FORMAT Null
      SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0,
        max_execution_time = 0, log_queries = 0
      """;

  private ClickHouseHost() {}

  /** The part of the engine's C interface that is called. */
  interface Engine extends Library {
    /** Runs the command line; it prints its own errors, and the result is of no interest. */
    Pointer chdb_query_cmdline(int argc, String[] argv);

    /** The JVM owns SIGSEGV and SIGTERM. */
    void chdb_set_signal_handlers_enabled(boolean enabled);
  }

  /** The part of the C library that is called. */
  interface C extends Library {
    C LIBRARY = Native.load("c", C.class);

    void _exit(int status);
  }

  /**
   * Serves until it is ended.
   *
   * @param args the engine's library, the server's configuration file
   */
  public static void main(String[] args) {
    Engine engine = Native.load(args[0], Engine.class);
    engine.chdb_set_signal_handlers_enabled(false);
    Runtime.getRuntime().addShutdownHook(new Thread(ClickHouseHost::end));
    String[] argv = {"clickhouse", "--config-file=" + args[1], "--multiquery", "--query", SERVE};
    engine.chdb_query_cmdline(argv.length, argv);
    System.err.println("the engine has ended; its last message says why");
    System.exit(1);
  }

  /**
   * Leaves without the C library's exit handlers: those of the engine run beside its own threads,
   * and crash. Tables are as safe as after SIGKILL, which they survive; the last seconds of the
   * query log may be missing.
   */
  private static void end() {
    C.LIBRARY._exit(128 + Signals.TERM);
  }
}
