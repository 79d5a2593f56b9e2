package io.eventpipeline.job.clickhouse;

import java.util.BitSet;

/** What becomes of a row that ClickHouse refuses on its own. */
@FunctionalInterface
interface Rejections {
  /** Without a table for them: the job stops rather than lose the row. */
  Rejections STOP =
      (block, number, row, why, aside) -> {
        throw new BlockFailure(
            ErrorClass.STOP,
            why.code(),
            "row " + number + " of " + block + " is refused: " + why.getMessage(),
            why);
      };

  /**
   * Returns once the row is safe elsewhere. Called again for the same row after a restart, so it
   * must be idempotent.
   *
   * @param row the refused row in RowBinary
   * @param aside to land what is written about it
   * @throws BlockFailure of class DATA when that is refused too
   */
  void setAside(Block block, int number, byte[] row, BlockFailure why, Aside aside)
      throws BlockFailure, InterruptedException;

  /** One try to land what is written about a row, while the row's block is the caller's. */
  @FunctionalInterface
  interface Aside {
    /**
     * Returns once it landed.
     *
     * @param refused of a commit id that begins with the row's block's
     * @throws BlockFailure when it is in doubt whether it landed, or another has taken the block
     */
    void land(Block refused) throws BlockFailure, InterruptedException;
  }

  /**
   * Rows of the block that an earlier attempt has set aside: they must not land any more, even when
   * the table would take them by now.
   */
  default BitSet known(Block block, Server server) throws BlockFailure, InterruptedException {
    return new BitSet();
  }
}
