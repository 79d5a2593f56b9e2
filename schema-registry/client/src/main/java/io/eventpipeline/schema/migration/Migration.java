package io.eventpipeline.schema.migration;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Frame;
import tools.jackson.databind.JsonNode;

/**
 * A compiled migration: turns {@code data} of the version before into this version's. Safe for use
 * by many threads, one after the other.
 *
 * <p>The language is JSONata without what would not give the same answer each time ({@code $now},
 * {@code $random}), what runs text ({@code $eval}) and regular expressions, which backtrack; see
 * {@link ExpressionRules}. What an evaluation may cost is in {@link MigrationLimits}.
 */
public final class Migration {
  private static final int FAILURE_CHARS_MAX = 300;

  private final String expression;
  private final Jsonata compiled;

  private Migration(String expression, Jsonata compiled) {
    this.expression = expression;
    this.compiled = compiled;
  }

  /**
   * What came of it.
   *
   * @param data the migrated data, never changed later; null when it failed
   * @param failure for people, why there is none; {@code ""} when there is
   */
  public record Result(JsonNode data, String failure) {
    /** Whether there is data. */
    public boolean done() {
      return data != null;
    }
  }

  /**
   * Checks and compiles an expression.
   *
   * @throws MigrationRejectedException with the position of what is not accepted
   */
  public static Migration compile(String expression) throws MigrationRejectedException {
    ExpressionRules.check(expression);
    try {
      Jsonata compiled = Jsonata.jsonata(expression + '\n'); // it stumbles over a last comment
      compiled.setValidateInput(false); // Values makes nothing but JSON
      compiled.setOutputConvertNulls(false); // Values reads them
      BoundedFunctions.register(compiled);
      return new Migration(expression, compiled);
    } catch (JException e) {
      throw new MigrationRejectedException(Math.max(0, e.getLocation()), shorten(e.getMessage()));
    } catch (StackOverflowError e) {
      throw new MigrationRejectedException(0, "nested too deeply");
    } catch (RuntimeException e) {
      // The parser stumbles over some texts that are no expressions, such as an unclosed one
      throw new MigrationRejectedException(expression.length(), "not a JSONata expression: " + e);
    }
  }

  /** As its owner wrote it. */
  public String expression() {
    return expression;
  }

  /**
   * Migrates.
   *
   * @param data JSON object; not changed
   * @return never null; never throws for any data
   */
  public Result apply(JsonNode data) {
    Bounds bounds = new Bounds();
    try {
      return new Result(Values.toJson(evaluate(Values.of(data), bounds)), "");
    } catch (StackOverflowError e) {
      return failed(bounds, "nested too deeply");
    } catch (RuntimeException e) {
      // The library also fails with what Java throws, such as ClassCastException
      boolean plain = e instanceof JException || e instanceof Unusable;
      return failed(bounds, plain ? e.getMessage() : e.toString());
    }
  }

  /** One at a time: the library keeps the frame of an evaluation in the expression. */
  private synchronized Object evaluate(Object input, Bounds bounds) {
    Frame frame = compiled.createFrame();
    frame.setEvaluateEntryCallback((part, of, in) -> bounds.enter());
    frame.setEvaluateExitCallback((part, of, in, result) -> bounds.leave(result));
    return compiled.evaluate(input, frame);
  }

  private static Result failed(Bounds bounds, String why) {
    return new Result(null, shorten(bounds.exceeded().isEmpty() ? why : bounds.exceeded()));
  }

  private static String shorten(String text) {
    String known = String.valueOf(text);
    return known.substring(0, Math.min(known.length(), FAILURE_CHARS_MAX));
  }

  @Override
  public String toString() {
    return expression;
  }
}
