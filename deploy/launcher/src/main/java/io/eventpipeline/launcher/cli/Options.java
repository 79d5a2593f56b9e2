package io.eventpipeline.launcher.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of one subcommand, split into flags, options with a value, and the rest.
 *
 * <p>{@code --name value} and {@code --name=value} mean the same; {@code --} ends the options.
 * Nothing is guessed: an option that the command does not know, a value that is missing and an
 * option given twice are refused with {@link UsageException}.
 */
public final class Options {
  private final Set<String> flags = new HashSet<>();
  private final Map<String, String> values = new HashMap<>();
  private final List<String> positionals = new ArrayList<>();

  private Options() {}

  /**
   * Reads {@code args}.
   *
   * @param command name of the subcommand, for messages
   * @param flags options without a value that it knows, with the leading dashes
   * @param valued options with a value that it knows, with the leading dashes
   * @throws UsageException when the arguments are not of this form
   */
  public static Options parse(
      String command, List<String> args, Set<String> flags, Set<String> valued) {
    Options options = new Options();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--")) {
        options.positionals.addAll(args.subList(i + 1, args.size()));
        break;
      }
      if (!arg.startsWith("-") || arg.equals("-")) {
        options.positionals.add(arg);
        continue;
      }
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (flags.contains(name)) {
        refuse(equals >= 0, name + " takes no value");
        refuse(!options.flags.add(name), name + " is given twice");
      } else if (valued.contains(name)) {
        refuse(equals < 0 && i + 1 == args.size(), name + " needs a value");
        String value = equals < 0 ? args.get(++i) : arg.substring(equals + 1);
        refuse(value.isEmpty(), name + " needs a value");
        refuse(options.values.put(name, value) != null, name + " is given twice");
      } else {
        throw new UsageException("unknown option " + name + " for '" + command + "'");
      }
    }
    return options;
  }

  /** Whether the flag {@code name} was given. */
  public boolean has(String name) {
    return flags.contains(name);
  }

  /** The value of the option {@code name}, if it was given. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * The value of {@code name} as a number, or {@code otherwise} when it was not given.
   *
   * @throws UsageException when it is not a number in {@code min..max}
   */
  public long number(String name, long otherwise, long min, long max) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    String refusal = name + " must be a number in " + min + ".." + max + ", was " + text;
    try {
      long number = Long.parseLong(text);
      refuse(number < min || number > max, refusal);
      return number;
    } catch (NumberFormatException e) {
      throw new UsageException(refusal);
    }
  }

  /**
   * The value of {@code name} as an ISO-8601 duration, if it was given.
   *
   * @throws UsageException when it is none, or not longer than zero
   */
  public Optional<Duration> duration(String name) {
    String text = values.get(name);
    if (text == null) {
      return Optional.empty();
    }
    String refusal = name + " must be a duration such as PT3S, was " + text;
    try {
      Duration duration = Duration.parse(text);
      refuse(duration.isNegative() || duration.isZero(), refusal);
      return Optional.of(duration);
    } catch (DateTimeParseException e) {
      throw new UsageException(refusal);
    }
  }

  /** Everything that is no option, in order. */
  public List<String> positionals() {
    return List.copyOf(positionals);
  }

  private static void refuse(boolean broken, String message) {
    if (broken) {
      throw new UsageException(message);
    }
  }
}
