package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
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
