package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StackHomeTest {

  @Test
  void keepsDataUnderTheCacheDirectoryByPortOffset() {
    StackHome home = StackHome.of(null, 100, Map.of("HOME", "/home/u"));

    assertThat(home.data()).isEqualTo(Path.of("/home/u/.cache/event-pipeline/100"));
    assertThat(home.state(100)).isEqualTo(Path.of("/home/u/.cache/event-pipeline/run/100.json"));
  }

  @Test
  void followsTheXdgVariableUnlessItIsRelative() {
    assertThat(StackHome.of(null, 0, Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x")).data())
        .isEqualTo(Path.of("/x/event-pipeline/0"));
    assertThat(StackHome.of(null, 0, Map.of("HOME", "/h", "XDG_CACHE_HOME", "x")).data())
        .isEqualTo(Path.of("/h/.cache/event-pipeline/0"));
  }

  @Test
  void takesAnyDirectoryButIsStillFoundByItsPortOffset() {
    StackHome home = StackHome.of(Path.of("some where"), 3, Map.of("HOME", "/h"));

    assertThat(home.data()).isEqualTo(Path.of("some where").toAbsolutePath());
    assertThat(home.state(3)).isEqualTo(Path.of("/h/.cache/event-pipeline/run/3.json"));
    assertThat(home.dataLock().getParent()).isEqualTo(home.data().getParent());
  }
}
