package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.StackPorts;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line: which command, on which ports, and what is left for the command to read.
 *
 * @param command {@code help} when none was given
 * @param portOffset 0 unless given, before or after the command
 * @param rest the command's own arguments, in order
 */
record Arguments(String command, int portOffset, List<String> rest) {
  private static final String PORT_OFFSET = "--port-offset";

  /**
   * Reads {@code args}; what follows {@code --} is left alone.
   *
   * @throws UsageException when {@code --port-offset} has no usable value or is given twice
   */
  static Arguments parse(List<String> args) {
    String command = null;
    String offset = null;
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--") && command != null) {
        rest.addAll(args.subList(i, args.size()));
        break;
      }
      if (arg.equals(PORT_OFFSET) || arg.startsWith(PORT_OFFSET + "=")) {
        if (offset != null) {
          throw new UsageException(PORT_OFFSET + " is given twice");
        }
        if (arg.equals(PORT_OFFSET) && i + 1 == args.size()) {
          throw new UsageException(PORT_OFFSET + " needs a value");
        }
        offset = arg.equals(PORT_OFFSET) ? args.get(++i) : arg.substring(PORT_OFFSET.length() + 1);
      } else if (command == null && (arg.equals("--help") || arg.equals("-h"))) {
        command = "help";
      } else if (command == null && arg.startsWith("-")) {
        throw new UsageException("unknown option " + arg + "; try 'deploy/local help'");
      } else if (command == null) {
        command = arg;
      } else {
        rest.add(arg);
      }
    }
    return new Arguments(
        command == null ? "help" : command, offset == null ? 0 : offset(offset), List.copyOf(rest));
  }

  private static int offset(String text) {
    try {
      return new StackPorts(Integer.parseInt(text)).offset();
    } catch (NumberFormatException e) {
      throw new UsageException(
          PORT_OFFSET + " must be a number in 0.." + StackPorts.OFFSET_MAX + ", was " + text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
