package io.eventpipeline.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Test
  void agreesWithTheJdkOnRandomSequences() {
    Random random = new Random(7);
    int[] leads = {
      0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5
    };
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(14)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte)
                switch (random.nextInt(4)) {
                  case 0 -> leads[random.nextInt(leads.length)];
                  case 1 -> 0x80 + random.nextInt(64);
                  case 2 -> random.nextInt(256);
                  default -> 'a';
                };
      }

      boolean valid = Utf8.firstInvalid(bytes) < 0;
      if (valid != jdkAccepts(bytes)) { // so many assertions would take longer than all else
        fail("%s is said to be %s".formatted(hex(bytes), valid ? "valid" : "invalid"));
      }
    }
  }

  @Test
  void namesTheFirstBadByte() {
    byte[] bytes = "eight characters and more ü".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(Utf8.firstInvalid(bytes)).isEqualTo(bytes.length - 1);
  }

  private static boolean jdkAccepts(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
