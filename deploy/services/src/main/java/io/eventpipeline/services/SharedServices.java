package io.eventpipeline.services;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The JUnit side of {@link WithServices}: one kit in the store of the session. The root store is of
 * one execution, and of the JVMs that share a module's classes each executes one class at a time.
 */
final class SharedServices implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedServices.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    kit(context).require(wanted(context));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ServiceKit.class;
  }

  @Override
  public ServiceKit resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return kit(context);
  }

  private static Set<Server> wanted(ExtensionContext context) {
    Class<?> outermost = context.getRequiredTestClass();
    while (outermost.getEnclosingClass() != null) {
      outermost = outermost.getEnclosingClass();
    }
    var servers = EnumSet.noneOf(Server.class);
    for (Class<?> type : List.of(outermost, context.getRequiredTestClass())) {
      WithServices annotation = type.getAnnotation(WithServices.class);
      if (annotation != null) {
        servers.addAll(List.of(annotation.value()));
      }
    }
    return servers;
  }

  private static ServiceKit kit(ExtensionContext context) {
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .getOrComputeIfAbsent(Shared.class, key -> Shared.start(), Shared.class)
        .kit();
  }

  /** Closed by JUnit after the last test of the JVM. */
  private record Shared(Path directory, ServiceKit kit) implements AutoCloseable {
    static Shared start() {
      Path all = ServerFiles.directories(Path.of("target", "services").toAbsolutePath());
      try {
        deleteLeftovers(all);
        Path directory = all.resolve(Long.toString(ProcessHandle.current().pid()));
        ServiceKit.Builder builder = ServiceKit.builder(directory).fsync(false);
        if (Boolean.getBoolean("services.containers")) {
          builder.containers();
        }
        return new Shared(directory, builder.start());
      } catch (IOException e) {
        throw new ServiceException("cannot clean " + all, e);
      }
    }

    @Override
    public void close() throws IOException {
      kit.close();
      try (Stream<Path> parts = Files.list(directory)) {
        for (Path part : parts.filter(path -> !path.endsWith("logs")).toList()) {
          Directories.delete(part);
        }
      }
    }

    /**
     * Of test runs that were killed, and the logs of those that were not. The JVMs of one run start
     * together: each waits for its turn, as two must not delete the same directory.
     */
    private static void deleteLeftovers(Path all) throws IOException {
      Path turns = all.resolveSibling("services.lock");
      try (FileChannel turn =
          FileChannel.open(turns, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        turn.lock(); // until it is closed
        deleteDead(all);
      }
    }

    private static void deleteDead(Path all) throws IOException {
      List<Path> directories;
      try (Stream<Path> listed = Files.list(all)) {
        directories = listed.toList();
      }
      for (Path directory : directories) {
        if (ProcessHandle.of(Long.parseLong(directory.getFileName().toString())).isEmpty()) {
          Directories.delete(directory);
        }
      }
    }
  }
}
