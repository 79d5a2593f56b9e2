package io.eventpipeline.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final String FAILURE =
      "\r\n__exception__\r\ntag0\r\nCode: 395. DB::Exception: größer. (X)\n42 tag0\r\n__exception__\r\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void passesALargeAnswerOnUnchanged() throws IOException {
    String rows = "0123456789äöü\n".repeat(100_000);

    new Answer(stream(rows), "tag0").copyTo(out);

    assertThat(out.toString(UTF_8)).isEqualTo(rows);
  }

  @Test
  void tellsTheMessageOfAQueryThatFailedOnTheWayFromItsRows() {
    String rows = "0\n".repeat(200_000);

    assertThatThrownBy(() -> new Answer(cutOff(rows + FAILURE), "tag0").copyTo(out))
        .isInstanceOf(CommandException.class)
        .hasMessage("Code: 395. DB::Exception: größer. (X)");
    assertThat(out.toString(UTF_8)).isEqualTo(rows);
  }

  @Test
  void doesNotBelieveAnotherTag() throws IOException {
    new Answer(stream("0\n" + FAILURE), "tag1").copyTo(out);

    assertThat(out.toString(UTF_8)).isEqualTo("0\n" + FAILURE);
  }

  @Test
  void failsWhenTheConnectionIsCutWithoutAReason() {
    assertThatThrownBy(() -> new Answer(cutOff("0\n"), "tag0").copyTo(out))
        .isInstanceOf(IOException.class)
        .hasMessage("cut off");
    assertThat(out.toString(UTF_8)).isEqualTo("0\n");
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static InputStream cutOff(String text) {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("cut off");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("cut off");
          }
        };
    return new SequenceInputStream(stream(text), broken);
  }
}
