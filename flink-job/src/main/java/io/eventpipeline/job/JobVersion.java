package io.eventpipeline.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this program, stored with every row and dead letter that it writes. */
public final class JobVersion {
  /** As the build wrote it, for example {@code 0.1.0}. */
  public static final String CURRENT = read();

  private JobVersion() {}

  private static String read() {
    try (InputStream in = JobVersion.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
