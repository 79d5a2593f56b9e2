package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.job.clickhouse.FakeServer.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockLanderTest {
  private final FakeServer server = new FakeServer();
  private final SinkMetrics metrics = new SinkMetrics();
  private final List<Integer> setAside = new ArrayList<>();
  private final BlockLander lander =
      new BlockLander(
          server,
          FakeServer.CONFIG,
          metrics,
          (block, number, row, why, aside) -> setAside.add(number));
  private final Block block = Blocks.of("t", "1795132800000-a", 100);

  @Test
  void insertsOnceWhenAllGoesWell() throws Exception {
    lander.land(block, false);

    assertThat(server.calls).containsExactly("insert 100");
    assertThat(server.rows).hasSize(100);
    assertThat(metrics.doubts.sum()).isZero();
  }

  @Test
  void looksFirstWhenAnotherMayHaveTried() throws Exception {
    lander.land(block, false);
    server.calls.clear();

    lander.land(block, true);

    assertThat(server.calls).containsExactly("fence", "kill", "count");
    assertThat(server.rows).hasSize(100);
  }

  @Test
  void countsAfterALostAnswerAndInsertsNothing() throws Exception {
    server.faults.add(Fault.ANSWER_LOST);

    lander.land(block, false);

    assertThat(server.calls).containsExactly("insert 100", "fence", "kill", "count");
    assertThat(server.rows).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void insertsJustTheMissingRows() throws Exception {
    server.faults.add(Fault.HALF);

    lander.land(block, false);

    assertThat(server.calls).containsExactly("insert 100", "fence", "kill", "count", "insert 50");
    assertThat(server.rows).hasSize(100).doesNotHaveDuplicates();
    assertThat(metrics.reinsertedRows.sum()).isEqualTo(50);
  }

  @Test
  void triesForAsLongAsTheServerRefuses() throws Exception {
    IntStream.range(0, 8).forEach(i -> server.faults.add(Fault.REFUSED));

    lander.land(block, false);

    assertThat(server.rows).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void setsTheBadRowsAsideAndLandsTheirNeighbours() throws Exception {
    server.badRows.addAll(List.of(0, 42, 99));

    lander.land(block, false);

    assertThat(setAside).containsExactly(0, 42, 99);
    assertThat(server.rows).hasSize(97).doesNotHaveDuplicates();
    assertThat(metrics.rejectedRows.sum()).isEqualTo(3);
  }

  @Test
  void stopsWhenTooManyRowsAreBad() {
    server.badRows.addAll(List.of(1, 2, 3, 4));

    assertThatThrownBy(() -> lander.land(block, false))
        .isInstanceOf(BlockFailure.class)
        .hasMessageContaining("it is not the rows");
  }

  @Test
  void stopsAtAnErrorThatTimeDoesNotHeal() {
    server.faults.add(Fault.FATAL);

    assertThatThrownBy(() -> lander.land(block, false))
        .isInstanceOf(BlockFailure.class)
        .hasMessageContaining("cannot land: no such column")
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(ErrorClass.STOP);
    assertThat(server.rows).isEmpty();
  }

  @Test
  void leavesToARestartWhatNobodyKnows() {
    server.faults.add(Fault.UNKNOWN);

    assertThatThrownBy(() -> lander.land(block, false))
        .isInstanceOf(BlockFailure.class)
        .hasMessageContaining("cannot land: new code")
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(ErrorClass.RESTART);
    assertThat(server.calls).containsExactly("insert 100");
  }

  @Test
  void decidesAnewAboutABadRowOnceAnotherHasTakenTheBlock() throws Exception {
    server.badRows.add(7);
    List<String> about = new ArrayList<>();
    var overtaken =
        new BlockLander(
            server,
            FakeServer.CONFIG,
            metrics,
            (block, number, row, why, aside) -> {
              if (about.isEmpty()) { // another takes the block over and lands the row
                server.fence(block, 0);
                server.badRows.clear();
                server.rows.add(7);
              }
              about.add("row " + number);
              aside.land(Blocks.of("refused", block.commitId() + "-x" + number, 1));
              about.add("written");
            });

    overtaken.land(block, false);

    assertThat(about).containsExactly("row 7");
    assertThat(server.rows).hasSize(100).doesNotHaveDuplicates();
    assertThat(metrics.rejectedRows.sum()).isZero();
  }

  @Test
  void stopsAtABadRowWhenThereIsNowhereToPutIt() {
    server.badRows.add(7);
    var strict = new BlockLander(server, FakeServer.CONFIG, metrics, Rejections.STOP);

    assertThatThrownBy(() -> strict.land(block, false))
        .isInstanceOf(BlockFailure.class)
        .hasMessageContaining("row 7 of t 1795132800000-a");
  }

  @Test
  void reportsRowsThatAreThereTwice() throws Exception {
    server.rows.addAll(IntStream.range(0, 100).boxed().toList());
    server.rows.addAll(IntStream.range(0, 30).boxed().toList());

    lander.land(block, true);

    assertThat(metrics.copies.sum()).isEqualTo(30);
  }
}
