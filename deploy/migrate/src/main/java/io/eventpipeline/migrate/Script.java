package io.eventpipeline.migrate;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file of statements, each ended by a semicolon.
 *
 * @param name file name, {@code V001__what.sql}; scripts run in the order of their names
 * @param statements without comments and without the semicolon
 */
record Script(String name, List<String> statements) {

  /** Splits {@code text}; quotes, escapes and both kinds of comments are understood. */
  static Script parse(String name, String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (text.startsWith("--", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        at = end < 0 ? text.length() : end + 2;
        statement.append(' ');
      } else if (c == '\'' || c == '`' || c == '"') {
        int end = endOfQuote(text, at);
        statement.append(text, at, end);
        at = end;
      } else if (c == ';') {
        add(statements, statement);
        at++;
      } else {
        statement.append(c);
        at++;
      }
    }
    add(statements, statement);
    return new Script(name, List.copyOf(statements));
  }

  private static int endOfQuote(String text, int start) {
    char quote = text.charAt(start);
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i + 1;
      }
    }
    return text.length();
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String trimmed = statement.toString().strip();
    if (!trimmed.isEmpty()) {
      statements.add(trimmed);
    }
    statement.setLength(0);
  }

  /** SHA-256 of the statements, hex: comments may be improved after a script was applied. */
  String checksum() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      statements.forEach(
          statement -> {
            String oneLine = statement.replaceAll("\\s+", " ");
            digest.update((oneLine + ";").getBytes(StandardCharsets.UTF_8));
          });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** All scripts in the class path folder {@code folder}, in order. */
  static List<Script> onClassPath(String folder) {
    URL url = Script.class.getClassLoader().getResource(folder);
    if (url == null) {
      throw new MigrationException("no folder " + folder + " on the class path");
    }
    try {
      if (url.openConnection() instanceof JarURLConnection inJar) {
        // By path and not by URI: a file system that is known by its URI can be open only once
        Path jar = Path.of(inJar.getJarFileURL().toURI());
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
          return in(files.getPath(folder));
        }
      }
      return in(Path.of(url.toURI()));
    } catch (IOException | URISyntaxException e) {
      throw new MigrationException("cannot read the scripts in " + folder, e);
    }
  }

  private static List<Script> in(Path folder) throws IOException {
    List<Script> scripts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
        scripts.add(parse(file.getFileName().toString(), Files.readString(file)));
      }
    }
    scripts.sort(Comparator.comparing(Script::name));
    return scripts;
  }
}
