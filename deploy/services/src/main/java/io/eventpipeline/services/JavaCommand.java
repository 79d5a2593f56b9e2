package io.eventpipeline.services;

import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM that {@code ps} can be asked about. */
final class JavaCommand {
  /**
   * What the build compiled and collected is not verified again at each start: {@code deploy/local
   * up} was READY after 20 s, with verification after 24 s.
   */
  private static final String[] TRUST_CLASSES = {
    "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"
  };

  private final List<String> jvm = new ArrayList<>();
  private final String classPath;
  private final String main;

  JavaCommand(String component, String classPath, String main) {
    this.classPath = classPath;
    this.main = main;
    jvm.add("-Devent-pipeline.component=" + component);
    jvm.addAll(List.of(TRUST_CLASSES));
    jvm.addAll(HugePages.jvm());
  }

  JavaCommand jvm(String... arguments) {
    jvm.addAll(List.of(arguments));
    return this;
  }

  /**
   * For a server on a small machine that must be quick from its first second: the optimising
   * compiler and a concurrent collector take more of two cores than they give back in minutes.
   */
  JavaCommand quick() {
    return jvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  }

  List<String> with(String... arguments) {
    var command = new ArrayList<String>();
    command.add(ServerFiles.java().toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    return command;
  }
}
