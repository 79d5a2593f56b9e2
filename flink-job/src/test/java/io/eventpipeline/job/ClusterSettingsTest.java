package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.YamlParserUtils;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code deploy/flink}; what they do is tested on a cluster. */
class ClusterSettingsTest {
  private static final Path FILES = Path.of("..", "deploy", "flink");

  /** A misspelt key would be ignored. */
  @ParameterizedTest
  @ValueSource(strings = {"cluster.yaml", "ha-zookeeper.yaml", "ha-kubernetes.yaml"})
  void hasOnlyKeysThatFlinkKnows(String file) throws Exception {
    Set<String> known = new HashSet<>(Set.of("kubernetes.cluster-id")); // of a jar that is not here
    for (Class<?> options :
        List.of(CoreOptions.class, HighAvailabilityOptions.class, CheckpointingOptions.class)) {
      for (Field field : options.getFields()) {
        if (field.get(null) instanceof ConfigOption<?> option) {
          known.add(option.key());
        }
      }
    }

    assertThat(known).containsAll(read(file).keySet());
  }

  @Test
  void areHighlyAvailable() throws Exception {
    assertThat(mode("ha-zookeeper.yaml")).isEqualTo(HighAvailabilityMode.ZOOKEEPER);
    assertThat(mode("ha-kubernetes.yaml")).isEqualTo(HighAvailabilityMode.KUBERNETES);
  }

  /** A cluster of a test is told places of its own, so it would miss none of these. */
  @Test
  void sayWhereEverythingIs() throws Exception {
    assertThat(read("cluster.yaml"))
        .containsKeys(
            HighAvailabilityOptions.HA_STORAGE_PATH.key(),
            CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
            CheckpointingOptions.SAVEPOINT_DIRECTORY.key());
    assertThat(read("ha-zookeeper.yaml"))
        .containsKey(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM.key());
  }

  /** One file after the other: a key that is in two is an error of YAML. */
  @Test
  void goTogether() throws Exception {
    for (String store : List.of("ha-zookeeper.yaml", "ha-kubernetes.yaml")) {
      List<String> keys = new ArrayList<>(read("cluster.yaml").keySet());
      keys.addAll(read(store).keySet());
      assertThat(keys).doesNotHaveDuplicates();
    }
  }

  private static HighAvailabilityMode mode(String file) throws Exception {
    Configuration configuration = new Configuration();
    read(file).forEach((key, value) -> configuration.setString(key, value.toString()));
    return HighAvailabilityMode.fromConfig(configuration);
  }

  private static Map<String, Object> read(String file) throws Exception {
    return YamlParserUtils.loadYamlFile(new File(FILES.resolve(file).toString()));
  }
}
