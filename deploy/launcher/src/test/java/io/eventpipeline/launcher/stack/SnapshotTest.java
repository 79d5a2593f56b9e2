package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path data;
  private Path checkpoints;
  private Path savepoints;

  @BeforeEach
  void roots() {
    checkpoints = data.resolve("checkpoints");
    savepoints = data.resolve("savepoints");
  }

  @Test
  void findsNothingInAnEmptyDataDirectory() {
    assertThat(search().newest()).isEmpty();
    assertThat(search().unreadable()).isEmpty();
  }

  @Test
  void takesTheLastToCompleteAcrossJobIds() throws IOException {
    snapshot(checkpoints.resolve("aaaa/chk-90"), 90, NOON);
    Path newest = snapshot(checkpoints.resolve("bbbb/chk-7"), 7, NOON.plusSeconds(1));
    snapshot(checkpoints.resolve("cccc/chk-91"), 91, NOON.minusSeconds(60));

    assertThat(search().newest()).contains(new Snapshot(newest, 7, NOON.plusSeconds(1)));
  }

  @Test
  void prefersASavepointThatCompletedAfterTheLastCheckpoint() throws IOException {
    snapshot(checkpoints.resolve("aaaa/chk-9"), 9, NOON);
    Path savepoint = snapshot(savepoints.resolve("savepoint-aaaa-1f"), 10, NOON.plusMillis(5));

    assertThat(search().newest().orElseThrow().directory()).isEqualTo(savepoint);
  }

  @Test
  void prefersACheckpointThatCompletedAfterTheSavepoint() throws IOException {
    snapshot(savepoints.resolve("savepoint-aaaa-1f"), 10, NOON);
    Path checkpoint = snapshot(checkpoints.resolve("bbbb/chk-11"), 11, NOON.plusMillis(5));

    assertThat(search().newest().orElseThrow().directory()).isEqualTo(checkpoint);
  }

  @Test
  void decidesATieByTheCheckpointNumberNotByItsText() throws IOException {
    snapshot(checkpoints.resolve("aaaa/chk-9"), 9, NOON);
    Path later = snapshot(checkpoints.resolve("aaaa/chk-10"), 10, NOON);

    assertThat(search().newest().orElseThrow().directory()).isEqualTo(later);
  }

  @Test
  void ignoresACheckpointThatNeverCompleted() throws IOException {
    Path complete = snapshot(checkpoints.resolve("aaaa/chk-9"), 9, NOON);
    Files.createDirectories(checkpoints.resolve("aaaa/chk-10"));
    Files.createDirectories(checkpoints.resolve("aaaa/shared"));
    Files.writeString(checkpoints.resolve("aaaa/chk-10/._metadata.inprogress.1"), "half");

    assertThat(search().newest().orElseThrow().directory()).isEqualTo(complete);
    assertThat(search().unreadable()).isEmpty();
  }

  @Test
  void reportsUnreadableMetadataAndTakesTheOneBefore() throws IOException {
    Path good = snapshot(checkpoints.resolve("aaaa/chk-9"), 9, NOON);
    Path empty = snapshot(checkpoints.resolve("aaaa/chk-10"), 10, NOON.plusSeconds(1));
    Files.write(empty.resolve("_metadata"), new byte[0]);
    Path foreign = snapshot(checkpoints.resolve("aaaa/chk-11"), 11, NOON.plusSeconds(2));
    Files.writeString(foreign.resolve("_metadata"), "this is not metadata of Flink");

    assertThat(search().newest().orElseThrow().directory()).isEqualTo(good);
    assertThat(search().unreadable()).containsExactlyInAnyOrder(empty, foreign);
  }

  private Snapshot.Search search() {
    return Snapshot.search(List.of(checkpoints, savepoints));
  }

  private static Path snapshot(Path directory, long id, Instant completedAt) throws IOException {
    Files.createDirectories(directory);
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(0x4960672d);
    out.writeInt(4);
    out.writeLong(id);
    Path metadata = Files.write(directory.resolve("_metadata"), bytes.toByteArray());
    Files.setLastModifiedTime(metadata, FileTime.from(completedAt));
    return directory;
  }
}
