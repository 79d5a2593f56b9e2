package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RowBufferTest {
  private final RowBuffer buffer = new RowBuffer(1);

  @Test
  void writesNumbersLittleEndian() {
    buffer.int8(255);
    buffer.int16(65_534);
    buffer.int32(-2);
    buffer.int64(0x0102030405060708L);

    assertThat(hex()).isEqualTo("ff" + "feff" + "feffffff" + "0807060504030201");
  }

  @Test
  void writesStringsWithTheirLengthInBytes() {
    buffer.string("");
    buffer.string("aä\0€😀");

    assertThat(hex()).isEqualTo("00" + "0b" + "61c3a400e282acf09f9880");
  }

  @Test
  void writesLengthsAsUnsignedLeb128() {
    for (int length : new int[] {127, 128, 16_383, 16_384, 1_000_000, Integer.MAX_VALUE}) {
      buffer.varint(length);
    }

    assertThat(hex()).isEqualTo("7f" + "8001" + "ff7f" + "808001" + "c0843d" + "ffffffff07");
  }

  @Test
  void replacesALoneSurrogate() {
    buffer.string("\ud800");

    assertThat(hex()).isEqualTo("013f");
  }

  private String hex() {
    return HexFormat.of().formatHex(Arrays.copyOf(buffer.array(), buffer.size()));
  }
}
