package io.eventpipeline.registry;

import io.eventpipeline.schema.SchemaLimits;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** What stands in the path and behind the question mark. */
final class Parameters {
  private Parameters() {}

  /** Refuses a query parameter that nobody would look at. */
  static void allow(RoutingContext ctx, Set<String> names) {
    for (String name : ctx.queryParams().names()) {
      if (!names.contains(name)) {
        throw new Problem(Problem.Code.INVALID_REQUEST, "There is no parameter '" + name + "'");
      }
    }
  }

  static long number(RoutingContext ctx, String name, long absent, long min, long max) {
    String text = ctx.queryParams().get(name);
    return text == null ? absent : parse(name, text, min, max);
  }

  static long parse(String name, String text, long min, long max) {
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw outside(name, min, max);
    }
    throw outside(name, min, max);
  }

  /** {@code true} or {@code false}; false when it is not there. */
  static boolean flag(RoutingContext ctx, String name) {
    String text = ctx.queryParams().get(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw new Problem(Problem.Code.INVALID_REQUEST, name + " must be true or false");
  }

  private static Problem outside(String name, long min, long max) {
    return new Problem(
        Problem.Code.INVALID_REQUEST, name + " must be a number in " + min + ".." + max);
  }

  /** The event type of the path, if the token covers it. */
  static String type(RoutingContext ctx) {
    String type = ctx.pathParam("type");
    if (!SchemaLimits.isType(type)) {
      throw new Problem(Problem.Code.UNKNOWN_TYPE, "No event type can have this name");
    }
    Access.grant(ctx).require(type);
    return type;
  }

  /** The version of the path. */
  static int version(RoutingContext ctx) {
    return (int) parse("version", ctx.pathParam("version"), 1, Integer.MAX_VALUE);
  }
}
