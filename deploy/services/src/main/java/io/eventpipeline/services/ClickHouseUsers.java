package io.eventpipeline.services;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The users file of ClickHouse: hashes instead of passwords, a profile and rights for each user.
 */
final class ClickHouseUsers {
  static final String LOOPBACK = "127.0.0.1";

  /** In a container, where clients come from the bridge and the published port is what is local. */
  static final String ANYWHERE = "::/0";

  private ClickHouseUsers() {}

  /**
   * @param memoryMegabytes of the server; one query may take half
   */
  static String xml(Passwords passwords, int memoryMegabytes, String network) {
    return ServerFiles.resource("clickhouse-users.xml")
        .formatted(
            sha256(passwords.admin()),
            sha256(passwords.pipeline()),
            sha256(passwords.analyst()),
            memoryMegabytes * 1024L * 1024L / 2,
            network,
            sha256(passwords.registry()));
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
