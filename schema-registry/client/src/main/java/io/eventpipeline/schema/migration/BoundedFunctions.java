package io.eventpipeline.schema.migration;

import com.dashjoin.jsonata.Jsonata;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * Functions of JSONata whose result can be out of all proportion to what they are given, with a
 * look at its size before it is made; and those of {@link ExpressionRules#REFUSED}, which end the
 * evaluation however they were reached.
 */
final class BoundedFunctions {
  private static final int DIGITS_MAX = 20;

  private BoundedFunctions() {}

  static void register(Jsonata expression) {
    expression.registerFunction(
        "join", Jsonata.function("join", BoundedFunctions::join, "<a<s>s?:s>"));
    expression.registerFunction(
        "replace", Jsonata.function("replace", BoundedFunctions::replace, "<s-ssn?:s>"));
    expression.registerFunction(
        "round", Jsonata.function("round", BoundedFunctions::round, "<n-n?:n>"));
    expression.registerFunction(
        "toMillis", Jsonata.function("toMillis", BoundedFunctions::toMillis, "<s-:n>"));
    expression.registerFunction(
        "fromMillis", Jsonata.function("fromMillis", BoundedFunctions::fromMillis, "<n-:s>"));
    for (String name : ExpressionRules.REFUSED) {
      Jsonata.FnVarArgs<Object> refusal =
          ignored -> {
            throw new Unusable("$" + name + " is not part of migrations");
          };
      expression.registerFunction(name, Jsonata.function(name, refusal, "<x?x?x?x?:x>"));
    }
  }

  private static String join(List<String> parts, String separator) {
    if (parts == null) {
      return null;
    }
    String between = separator == null ? "" : separator;
    long size = (long) between.length() * Math.max(0, parts.size() - 1);
    for (String part : parts) {
      size = within(size + part.length());
    }
    return String.join(between, parts);
  }

  private static String replace(String text, String wanted, String by, Number limit) {
    if (text == null) {
      return null;
    }
    if (wanted.isEmpty()) {
      throw new Unusable("$replace of an empty string");
    }
    long times = limit == null ? Long.MAX_VALUE : limit.longValue();
    StringBuilder out = new StringBuilder();
    int from = 0;
    int at = text.indexOf(wanted);
    for (; at >= 0 && times > 0; at = text.indexOf(wanted, from), times--) {
      within((long) out.length() + (at - from) + by.length());
      out.append(text, from, at).append(by);
      from = at + wanted.length();
    }
    return out.append(text, from, text.length()).toString();
  }

  private static Number round(Number number, Number digits) {
    if (number == null) {
      return null;
    }
    int wanted = digits == null ? 0 : digits.intValue();
    if (Math.abs((long) wanted) > DIGITS_MAX) {
      throw new Unusable("$round to more than " + DIGITS_MAX + " digits");
    }
    BigDecimal exact = new BigDecimal(number.toString());
    return exact.setScale(wanted, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** RFC 3339, or a date alone at midnight in UTC. */
  private static Number toMillis(String time) {
    if (time == null) {
      return null;
    }
    try {
      return time.length() == "2026-11-20".length()
          ? Instant.parse(time + "T00:00:00Z").toEpochMilli()
          : OffsetDateTime.parse(time).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new Unusable("$toMillis of what is no time in RFC 3339");
    }
  }

  /** In UTC with three decimals, as JSONata has it. */
  private static String fromMillis(Number millis) {
    if (millis == null) {
      return null;
    }
    String text = Instant.ofEpochMilli(millis.longValue()).toString();
    return millis.longValue() % 1_000 == 0 ? text.replace("Z", ".000Z") : text;
  }

  private static long within(long size) {
    if (size > MigrationLimits.SIZE_MAX) {
      throw new Unusable("a value larger than " + MigrationLimits.SIZE_MAX);
    }
    return size;
  }
}
