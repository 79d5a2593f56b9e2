package io.eventpipeline.config;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads one configuration record: a YAML file, then the environment on top.
 *
 * <p>{@code EDGE_HTTP_BODY_BYTES_MAX=1000} overrides {@code http.bodyBytesMax} when the prefix is
 * {@code EDGE}. Unknown and missing keys stop the start, since a key that is silently ignored is
 * the setting that the operator believed in. Durations are ISO-8601 ({@code PT10S}): a bare {@code
 * 10} has no unit. Every problem is reported at once.
 */
public final class ConfigReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private ConfigReader() {}

  /**
   * Reads and checks the record {@code type}.
   *
   * @param type a record whose components are records, scalars, durations, secrets, lists or maps;
   *     an {@code Optional} of a record is a section that may be left out as a whole
   * @param file YAML; must exist
   * @param prefix of the environment variables that belong to this component, without the last
   *     {@code _}
   * @param environment usually {@code System.getenv()}
   * @throws ConfigException with every problem found
   */
  public static <T extends Record> T read(
      Class<T> type, Path file, String prefix, Map<String, String> environment) {
    ObjectNode tree = parse(file);
    List<String> problems = new ArrayList<>();
    overlay(type, tree, prefix, environment, problems);
    compare(type, tree, "", problems);
    if (problems.isEmpty()) {
      try {
        return YAML.treeToValue(tree, type);
      } catch (JacksonException e) {
        problems.add(at(e) + rootMessage(e));
      }
    }
    throw new ConfigException(file.toString(), problems);
  }

  private static ObjectNode parse(Path file) {
    try {
      JsonNode tree = YAML.readTree(Files.readString(file));
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new ConfigException(file.toString(), List.of("not a YAML mapping"));
    } catch (IOException e) {
      throw new ConfigException(file.toString(), List.of("cannot be read: " + e));
    } catch (JacksonException e) {
      throw new ConfigException(file.toString(), List.of("not YAML: " + e.getOriginalMessage()));
    }
  }

  private static void overlay(
      Class<?> type,
      ObjectNode tree,
      String prefix,
      Map<String, String> environment,
      List<String> problems) {
    Set<String> mine = new TreeSet<>();
    environment.keySet().stream().filter(name -> name.startsWith(prefix + "_")).forEach(mine::add);
    set(type, tree, prefix, environment, mine);
    mine.forEach(name -> problems.add("environment variable " + name + " names no key"));
  }

  private static void set(
      Class<?> type,
      ObjectNode tree,
      String prefix,
      Map<String, String> environment,
      Set<String> unused) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      String variable = prefix + "_" + upperSnake(name);
      if (isSection(typeOf(component))) {
        if (unused.stream().anyMatch(other -> other.startsWith(variable + "_"))
            && !(tree.get(name) instanceof ObjectNode)) {
          tree.putObject(name);
        }
        if (tree.get(name) instanceof ObjectNode child) {
          set(typeOf(component), child, variable, environment, unused);
        }
      } else if (unused.remove(variable)) {
        String value = environment.get(variable);
        tree.set(name, isText(typeOf(component)) ? YAML.stringNode(value) : YAML.readTree(value));
      }
    }
  }

  private static void compare(Class<?> type, ObjectNode tree, String path, List<String> problems) {
    List<String> known =
        Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
    for (String key : tree.propertyNames()) {
      if (!known.contains(key)) {
        problems.add(path + key + " is not a key; known here: " + String.join(", ", known));
      }
    }
    for (RecordComponent component : type.getRecordComponents()) {
      String key = path + component.getName();
      JsonNode value = tree.get(component.getName());
      if (value == null || value.isNull()) {
        if (component.getType() == Optional.class) {
          tree.putNull(component.getName()); // there, for Jackson, and empty
        } else {
          problems.add(key + " is missing");
        }
      } else if (isSection(typeOf(component))) {
        if (value instanceof ObjectNode child) {
          compare(typeOf(component), child, key + ".", problems);
        } else {
          problems.add(key + " must be a mapping");
        }
      } else if (typeOf(component) == Duration.class && !isDuration(value)) {
        problems.add(key + " must be an ISO-8601 duration such as PT10S, was " + value);
      }
    }
  }

  /** Of what is in it, for an {@code Optional}. */
  private static Class<?> typeOf(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType optional
            && component.getType() == Optional.class
            && optional.getActualTypeArguments()[0] instanceof Class<?> type
        ? type
        : component.getType();
  }

  private static boolean isSection(Class<?> type) {
    return type.isRecord() && type != Secret.class;
  }

  private static boolean isText(Class<?> type) {
    return type == String.class
        || type == Secret.class
        || type == Duration.class
        || type == Path.class
        || type.isEnum();
  }

  private static boolean isDuration(JsonNode value) {
    try {
      Duration.parse(value.asString());
      return value.isString();
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** {@code bodyBytesMax} becomes {@code BODY_BYTES_MAX}. */
  private static String upperSnake(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
  }

  private static String at(JacksonException e) {
    StringBuilder path = new StringBuilder();
    e.getPath()
        .forEach(
            step ->
                path.append(step.getPropertyName() == null ? "" : step.getPropertyName() + "."));
    return path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ";
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof JacksonException json ? json.getOriginalMessage() : root.getMessage();
  }
}
