package io.eventpipeline.services;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A {@link JavaProgram} as a service. */
final class ProgramService extends ProcessService {
  private final JavaProgram program;

  ProgramService(JavaProgram program, Path log, Ports ports) {
    super(program.name(), log, ports, program.ports().stream().map(Ports.Reservation::of).toList());
    this.program = program;
  }

  @Override
  void prepare() {
    // Its owner wrote its configuration
  }

  @Override
  List<String> command() {
    return new JavaCommand(name(), String.join(":", program.classPath()), program.mainClass())
        .jvm(program.jvmArguments().toArray(String[]::new))
        .with(program.arguments().toArray(String[]::new));
  }

  @Override
  boolean answers() {
    return Probe.http(program.health());
  }

  @Override
  Map<String, String> environment() {
    return program.environment();
  }

  @Override
  Path directory() {
    return program.directory();
  }

  @Override
  Duration startTimeout() {
    return program.startTimeout();
  }
}
