package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Cuts out of rows what a sorting key and a version need, as {@link BlockSql#replaced} takes it.
 */
final class KeyColumns {
  private final List<BlockColumn> all;
  private final Set<String> wanted;

  KeyColumns(Block block, TableLayout layout) {
    all = block.columns();
    wanted = new HashSet<>(layout.keyColumns());
    wanted.add(layout.versionColumn());
    wanted.add("_row_no");
  }

  /** Those that are cut out, in the order of the block. */
  List<BlockColumn> columns() {
    return all.stream().filter(column -> wanted.contains(column.name())).toList();
  }

  /**
   * The values of rows from {@code first} on, until they have about {@code charsMax} characters.
   *
   * @return the first row that was not taken, -1 when all were
   */
  int append(BlockRows rows, BitSet numbers, int first, StringBuilder out, int charsMax) {
    int row = first;
    while (row >= 0 && out.length() < charsMax) {
      ByteBuffer in = RowBinary.wrap(rows.row(row));
      String separator = out.length() == 0 ? "" : ";";
      for (BlockColumn column : all) {
        byte[] raw = RowBinary.raw(column.type(), in);
        if (wanted.contains(column.name())) {
          out.append(separator).append(HexFormat.of().formatHex(raw));
          separator = ",";
        }
      }
      row = numbers.nextSetBit(row + 1);
    }
    return row;
  }
}
