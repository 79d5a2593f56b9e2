package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockSerializerTest {
  private final BlockSerializer serializer = new BlockSerializer();
  private final Block block = Blocks.of("t", "1795132800000-a-0-0-r-000001", 1000);

  @Test
  void readsWhatItWrote() throws IOException {
    Block read = serializer.deserialize(serializer.getVersion(), serializer.serialize(block));

    assertThat(read).usingRecursiveComparison().isEqualTo(block);
    assertThat(read.sealedAtMillis()).isEqualTo(1_795_132_800_000L);
  }

  /** Written down: a savepoint of the previous release has it so. */
  @Test
  void readsVersion2() throws IOException {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "0001740015746f595959594d4d28617429203d20323032363131000f313739353133323830303030"
                    + "302d6100000000000000070002000269640006537472696e6700075f726f775f6e6f000655496e74"
                    + "3332000000020000000b00000002050600000003010203");

    Block read = serializer.deserialize(2, bytes);

    assertThat(read)
        .usingRecursiveComparison()
        .isEqualTo(
            new Block(
                "t",
                "toYYYYMM(at) = 202611",
                "1795132800000-a",
                7,
                List.of(new BlockColumn("id", "String"), new BlockColumn("_row_no", "UInt32")),
                2,
                new byte[] {5, 6},
                11,
                new byte[] {1, 2, 3}));
  }

  @Test
  void refusesAnotherVersionAndACutBlock() throws IOException {
    byte[] bytes = serializer.serialize(block);

    assertThatThrownBy(() -> serializer.deserialize(1, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 1");
    assertThatThrownBy(
            () ->
                serializer.deserialize(
                    serializer.getVersion(), Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(IOException.class)
        .hasMessage("a block cut short");
  }

  @Test
  void givesBackEachRow() {
    BlockRows rows = block.open();
    RowBuffer expected = new RowBuffer(64);
    Reading.mapping("t").write(Reading.of(999), expected);
    expected.int32(999);

    assertThat(rows.row(999)).isEqualTo(Arrays.copyOf(expected.array(), expected.size()));
    BitSet last = new BitSet();
    last.set(999);
    assertThat(ZstdFrame.decompress(rows.compressed(last), expected.size()))
        .isEqualTo(rows.row(999));
  }
}
