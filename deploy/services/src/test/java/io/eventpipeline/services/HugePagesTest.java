package io.eventpipeline.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"always [madvise] never\n", "[always] madvise never\n"})
  void areAskedForWhereTheKernelGivesThem(String choices) throws IOException {
    assertThat(HugePages.jvm(saying(choices))).containsExactly("-XX:+UseTransparentHugePages");
  }

  @Test
  void areNotAskedForWhereTheKernelGivesNone() throws IOException {
    assertThat(HugePages.jvm(saying("always madvise [never]\n"))).isEmpty();
  }

  @Test
  void areNotAskedForWhereTheKernelDoesNotKnowThem() {
    assertThat(HugePages.jvm(directory.resolve("absent"))).isEmpty();
  }

  private Path saying(String choices) throws IOException {
    return Files.writeString(directory.resolve("enabled"), choices);
  }
}
