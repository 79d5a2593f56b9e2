package io.eventpipeline.job.restart;

import io.eventpipeline.job.TestEvents;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

/**
 * A savepoint that a release left behind, as text, so that later ones are held to restoring it.
 *
 * <p>In canonical format and of one subtask, small enough to be all in its metadata file. It was
 * taken with blocks for ClickHouse and one Kafka transaction not yet committed, after {@link
 * #events}. {@link KeepSavepointIT} takes a new one.
 *
 * @param takenAt after the last event had been read
 * @param transaction the one that was open, as {@code kafka.writtenOff} names it: no other broker
 *     has it
 * @param metadata the file {@code _metadata}
 */
public record KeptSavepoint(Instant takenAt, String transaction, byte[] metadata) {
  /** The release, which also names the files. */
  public static final String RELEASE = "0.1.0";

  /** Rows in {@code events_processed} that its events are. */
  static final int PROCESSED = 4;

  private static final Path FOLDER = Path.of("src", "test", "resources", "savepoints");
  private static final String SESSION = "kept-session";

  /** Of the release before this one. */
  public static KeptSavepoint read() throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(file("properties"))) {
      properties.load(in);
    }
    return new KeptSavepoint(
        Instant.parse(properties.getProperty("takenAt")),
        properties.getProperty("transaction"),
        Base64.getMimeDecoder().decode(Files.readString(file("base64"))));
  }

  void write() throws IOException {
    Files.createDirectories(FOLDER);
    Files.writeString(
        file("properties"), "takenAt=%s%ntransaction=%s%n".formatted(takenAt, transaction));
    Files.writeString(
        file("base64"),
        Base64.getMimeEncoder(100, new byte[] {'\n'}).encodeToString(metadata) + '\n');
  }

  private static Path file(String extension) {
    return FOLDER.resolve(RELEASE + "." + extension);
  }

  /** What Flink restores from. */
  Path unpack(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("_metadata"), metadata);
    return directory;
  }

  /** The states of its operators. */
  public CheckpointMetadata parse() throws IOException {
    try (var in = new DataInputStream(new ByteArrayInputStream(metadata))) {
      return Checkpoints.loadCheckpointMetadata(in, getClass().getClassLoader(), RELEASE);
    }
  }

  /** Kafka key of all events. */
  static String key() {
    return "store-1/" + SESSION;
  }

  /**
   * What had been read when it was taken: two products put into a cart and looked at, something
   * bought by somebody else, one event again, and one that is refused.
   */
  public static List<String> events() {
    return List.of(
        added("kept-1", "SKU-1", 2),
        added("kept-2", "SKU-2", 1),
        event("kept-3", "product.viewed", SESSION, "{\"sku\":\"SKU-2\"}"),
        event(
            "kept-4",
            "order.completed",
            "kept-other",
            "{\"order_id\":\"o-1\",\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unit_price\":5}],\"total\":5,\"currency\":\"EUR\"}"),
        added("kept-1", "SKU-1", 2),
        event("kept-5", "cart.exploded", SESSION, "{}"));
  }

  /** Another one of the same session. */
  public static String next(String id) {
    return added(id, "SKU-3", 1);
  }

  private static String added(String id, String sku, int quantity) {
    return event(
        id,
        "cart.item_added",
        SESSION,
        "{\"sku\":\"%s\",\"quantity\":%d,\"unit_price\":10,\"currency\":\"EUR\"}"
            .formatted(sku, quantity));
  }

  private static String event(String id, String type, String session, String data) {
    return TestEvents.envelope(id, type, session, TestEvents.RECEIVED, data);
  }
}
