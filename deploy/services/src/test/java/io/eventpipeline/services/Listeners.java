package io.eventpipeline.services;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The addresses that a process listens on, from {@code /proc}. */
final class Listeners {
  private Listeners() {}

  static Set<String> of(long pid) throws IOException {
    Set<String> inodes = sockets(pid);
    var addresses = new HashSet<String>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] fields = line.trim().split("\\s+", -1);
        if (fields[3].equals("0A") && inodes.contains(fields[9])) {
          addresses.add(address(fields[1].substring(0, fields[1].indexOf(':'))));
        }
      }
    }
    return addresses;
  }

  private static Set<String> sockets(long pid) throws IOException {
    var inodes = new HashSet<String>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)) {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring(8, target.length() - 1));
          }
        }
      }
    }
    return inodes;
  }

  /** Words of four bytes, each in the order of the processor. */
  private static String address(String hex) throws IOException {
    byte[] little = HexFormat.of().parseHex(hex);
    var bytes = new byte[little.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = little[i / 4 * 4 + 3 - i % 4];
    }
    return InetAddress.getByAddress(bytes).getHostAddress();
  }
}
