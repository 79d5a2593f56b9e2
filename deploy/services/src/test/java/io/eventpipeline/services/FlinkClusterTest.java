package io.eventpipeline.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkClusterTest {
  @TempDir private Path home;

  private Path slots;

  @BeforeEach
  void leaveWhatATaskManagerRemembers() throws IOException {
    slots = home.resolve("work/tm_flink-taskmanager-1/slotAllocationSnapshots/-1.bin");
    Files.createDirectories(slots.getParent());
    Files.createFile(slots);
  }

  @Test
  void forgetsTheJobsOfAJobManagerThatTookThemWithIt() {
    cluster(List.of());

    assertThat(slots).doesNotExist();
  }

  @Test
  void keepsWhatAnotherJobManagerTakesOver() throws IOException {
    cluster(List.of(Files.writeString(home.resolve("ha.yaml"), "high-availability.type: x")));

    assertThat(slots).exists();
  }

  private void cluster(List<Path> highAvailability) {
    FlinkCluster.of(
        home,
        home.resolve("logs"),
        new FlinkPlan(1, 1, highAvailability),
        Sizes.LAPTOP,
        Ports.free());
  }
}
