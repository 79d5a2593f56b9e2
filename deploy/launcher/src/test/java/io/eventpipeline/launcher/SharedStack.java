package io.eventpipeline.launcher;

import io.eventpipeline.launcher.stack.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One {@link LocalStack} for all tests of this JVM, since a start takes longer than most of them.
 * It is stopped after the last; its data and logs stay in {@code target/stack/<pid>} until the next
 * run.
 */
final class SharedStack implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedStack.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalStack.class;
  }

  @Override
  public LocalStack resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .getOrComputeIfAbsent(LocalStack.class, key -> stack(), LocalStack.class);
  }

  private static LocalStack stack() {
    Path all = Path.of("target", "stack").toAbsolutePath();
    Path directory = all.resolve(Long.toString(ProcessHandle.current().pid()));
    try {
      Files.createDirectories(all);
      deleteLeftovers(all);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete what is in " + all, e);
    }
    return new LocalStack(directory, StackPorts.free(RandomGenerator.getDefault()));
  }

  /** Another JVM of this module may be at work beside this one. */
  private static void deleteLeftovers(Path all) throws IOException {
    List<Path> directories;
    try (Stream<Path> listed = Files.list(all)) {
      directories = listed.toList();
    }
    for (Path directory : directories) {
      if (!isAlive(directory.getFileName().toString())) {
        delete(directory);
      }
    }
  }

  private static boolean isAlive(String pid) {
    return pid.matches("\\d+") && ProcessHandle.of(Long.parseLong(pid)).isPresent();
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(directory)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
