package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Access;
import io.eventpipeline.registry.TextRules;
import io.eventpipeline.schema.SchemaLimits;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What stands in the path and behind the question mark, as the protocol has it. */
final class Query {
  /** Stands for the newest version. */
  static final int LATEST = -1;

  private static final String DEFAULT_CONTEXT = ".";

  private Query() {}

  /** The subject of the path, if the token covers it. It need not exist. */
  static String subject(RoutingContext ctx) {
    String subject = unqualified(ctx.pathParam("subject"));
    Access.grant(ctx).require(subject);
    return subject;
  }

  /** As {@link #subject}, if there can be one of this name at all. */
  static String knowableSubject(RoutingContext ctx) {
    String subject = subject(ctx);
    if (!SchemaLimits.isType(subject)) {
      throw ConfluentError.unknownSubject(subject);
    }
    return subject;
  }

  /** {@code :.:name} is {@code name}; other contexts are refused. */
  static String unqualified(String subject) {
    if (!subject.startsWith(":.")) {
      return subject;
    }
    int end = subject.indexOf(':', 1);
    String context = end < 0 ? subject.substring(1) : subject.substring(1, end);
    requireDefaultContext(context);
    return end < 0 ? "" : subject.substring(end + 1);
  }

  static void requireDefaultContext(String context) {
    if (!context.equals(DEFAULT_CONTEXT)) {
      throw new ConfluentError(
          ErrorCode.INVALID_SUBJECT,
          "There is no context '" + context + "': this registry has the default context only");
    }
  }

  /** The version of the path, {@link #LATEST} for the newest. */
  static int version(RoutingContext ctx) {
    String text = ctx.pathParam("version");
    if (text.equals("latest") || text.equals("-1")) {
      return LATEST;
    }
    try {
      int version = Integer.parseInt(text);
      if (version >= 1) {
        return version;
      }
    } catch (NumberFormatException e) {
      throw invalidVersion(text);
    }
    throw invalidVersion(text);
  }

  private static ConfluentError invalidVersion(String text) {
    return new ConfluentError(
        ErrorCode.INVALID_VERSION,
        "The specified version '"
            + text
            + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string"
            + " \"latest\"");
  }

  static boolean flag(RoutingContext ctx, String name) {
    return "true".equalsIgnoreCase(ctx.queryParams().get(name));
  }

  /** The prefix of subjects that are asked for; all contexts are the one that there is. */
  static String prefix(RoutingContext ctx) {
    String prefix = ctx.queryParams().get("subjectPrefix");
    if (prefix == null || prefix.equals(":*:")) {
      return "";
    }
    if (!TextRules.isStorable(prefix)) {
      throw new ConfluentError(ErrorCode.BAD_REQUEST, "subjectPrefix must not contain U+0000");
    }
    return unqualified(prefix);
  }

  /** A whole number from 0; {@code absent} when it is missing or negative. */
  static int number(RoutingContext ctx, String name, int absent) {
    String text = ctx.queryParams().get(name);
    if (text == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text);
      return number < 0 ? absent : number;
    } catch (NumberFormatException e) {
      throw new ConfluentError(ErrorCode.BAD_REQUEST, name + " must be a number");
    }
  }

  /** The part of a list that {@code offset} and {@code limit} ask for. */
  static <T> List<T> page(RoutingContext ctx, List<T> all) {
    int from = Math.min(number(ctx, "offset", 0), all.size());
    int limit = number(ctx, "limit", Integer.MAX_VALUE);
    return all.subList(from, (int) Math.min(all.size(), (long) from + limit));
  }
}
