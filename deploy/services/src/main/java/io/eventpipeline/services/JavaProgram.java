package io.eventpipeline.services;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A Java program that a kit runs beside its servers.
 *
 * @param name as {@link Service#name}; {@code ps} shows it as {@code -Devent-pipeline.component}
 * @param classPath jars, directories, or directories ending in {@code /*}
 * @param jvmArguments before the main class
 * @param arguments after it
 * @param environment added to this JVM's own; secrets belong here or into files, as {@code ps}
 *     shows arguments
 * @param ports it will listen on, that of clients first; checked to be free before each start
 * @param health answered with 200 when it is ready
 * @param startTimeout until {@code health} must have answered
 */
public record JavaProgram(
    String name,
    List<String> classPath,
    String mainClass,
    List<String> jvmArguments,
    List<String> arguments,
    Map<String, String> environment,
    List<Integer> ports,
    URI health,
    Path directory,
    Duration startTimeout) {
  public JavaProgram {
    classPath = List.copyOf(classPath);
    jvmArguments = List.copyOf(jvmArguments);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    ports = List.copyOf(ports);
  }
}
