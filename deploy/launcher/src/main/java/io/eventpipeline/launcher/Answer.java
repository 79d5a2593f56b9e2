package io.eventpipeline.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The body of an HTTP answer of ClickHouse, which may turn into an error after status 200: then the
 * server appends {@code __exception__}, a tag that it announced in a header, and the message, and
 * cuts the transfer off. See ClickHouse, "HTTP interface", on X-ClickHouse-Exception-Tag.
 */
final class Answer implements AutoCloseable {
  /** The server cuts its message at 16 KiB; more than that is kept back until the end is known. */
  private static final int TAIL_MAX = 32 * 1024;

  private static final String MARK = "__exception__\r\n";

  private final InputStream body;
  private final String tag;

  /**
   * @param tag the announced one; {@code ""} when there is none, then no error can be told apart
   */
  Answer(InputStream body, String tag) {
    this.body = body;
    this.tag = tag;
  }

  /**
   * Copies the rows, as they come, in bounded memory.
   *
   * @throws CommandException with the server's message when the query failed on the way
   * @throws IOException when the connection did
   */
  void copyTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[4 * TAIL_MAX];
    int kept = 0;
    IOException cutOff = null;
    try {
      for (int n; (n = body.read(buffer, kept, buffer.length - kept)) >= 0; ) {
        kept += n;
        if (kept == buffer.length) {
          kept = passOn(buffer, kept, out);
        }
      }
    } catch (IOException e) {
      cutOff = e;
    }
    finish(new String(buffer, 0, kept, ISO_8859_1), cutOff, out);
  }

  private static int passOn(byte[] buffer, int length, OutputStream out) throws IOException {
    out.write(buffer, 0, length - TAIL_MAX);
    System.arraycopy(buffer, length - TAIL_MAX, buffer, 0, TAIL_MAX);
    return TAIL_MAX;
  }

  private void finish(String tail, IOException cutOff, OutputStream out) throws IOException {
    int mark = tag.isEmpty() ? -1 : tail.indexOf(MARK + tag + "\r\n");
    String rows = mark < 0 ? tail : tail.substring(0, mark).replaceFirst("\r\n\\z", "");
    out.write(rows.getBytes(ISO_8859_1));
    out.flush();
    if (mark >= 0) {
      byte[] message = tail.substring(mark + MARK.length() + tag.length() + 2).getBytes(ISO_8859_1);
      throw new CommandException(firstLine(new String(message, UTF_8)));
    }
    if (cutOff != null) {
      throw cutOff;
    }
  }

  /** Of a message of the server: the rest is a stack or a repetition. */
  static String firstLine(String message) {
    return message.lines().findFirst().orElse("ClickHouse gave no reason");
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
