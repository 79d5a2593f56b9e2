package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One program's configuration for the local stack: the file that the program ships, with the
 * addresses of this stack in it. So a setting that a program gains needs no change here, and a key
 * that it renamed stops the start instead of being ignored.
 */
final class ConfigFile {
  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private ConfigFile() {}

  /**
   * Writes {@code file}, which holds passwords and tokens: only its owner may read it, from its
   * first byte on.
   *
   * @param shipped the program's own configuration, YAML
   * @param values by dotted key, e.g. {@code http.port}; each key must be in {@code shipped}
   */
  static void write(Path shipped, Map<String, Object> values, Path file) {
    try {
      ObjectNode tree = (ObjectNode) YAML.readTree(Files.readString(shipped));
      values.forEach((key, value) -> set(tree, key, value, shipped));
      Files.createDirectories(file.getParent());
      String text = YAML.writeValueAsString(tree);
      Files.deleteIfExists(file); // one that is there keeps its permissions
      Files.createFile(file, OWNER_ONLY);
      Files.writeString(file, text);
    } catch (IOException | JacksonException e) {
      throw new CommandException(
          "cannot write " + file + " from " + shipped + ": " + e.getMessage(), e);
    }
  }

  private static void set(ObjectNode tree, String key, Object value, Path shipped) {
    JsonNode section = tree;
    String[] steps = key.split("\\.", -1);
    for (int i = 0; i + 1 < steps.length; i++) {
      section = section.path(steps[i]);
    }
    String last = steps[steps.length - 1];
    if (!(section instanceof ObjectNode object) || !object.has(last)) {
      throw new CommandException(shipped + " has no key " + key);
    }
    object.set(last, YAML.valueToTree(value));
  }
}
