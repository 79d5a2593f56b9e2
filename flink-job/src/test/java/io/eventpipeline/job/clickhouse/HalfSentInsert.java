package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A try of a block by a process that was paused when half of the body was sent. */
final class HalfSentInsert implements AutoCloseable {
  private final Socket socket;
  private final byte[] rest;

  private HalfSentInsert(Socket socket, byte[] rest) {
    this.socket = socket;
    this.rest = rest;
  }

  /**
   * Sends the first half.
   *
   * @param token of the try: the block's commit id for the first, which begins that of each other
   */
  static HalfSentInsert of(ClickHouseConfig config, Block block, String token) throws IOException {
    URI url = URI.create(config.url());
    StringBuilder query = new StringBuilder();
    HttpServerClient.INSERT_SETTINGS.forEach(
        (name, value) -> query.append(name).append('=').append(encode(value)).append('&'));
    String sql =
        "INSERT INTO "
            + BlockSql.insertTarget(config.database(), block, block.commitId(), 0)
            + " FORMAT RowBinary";
    query.append("query_id=").append(token);
    query.append("&insert_deduplication_token=").append(token);
    query.append("&query=").append(encode(sql));
    String user = config.user() + ":" + config.password().value();
    String head =
        "POST /?"
            + query
            + " HTTP/1.1\r\nHost: zombie\r\nConnection: close\r\nContent-Encoding: zstd\r\n"
            + "Authorization: Basic "
            + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))
            + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    Socket socket = new Socket(url.getHost(), url.getPort());
    int half = block.body().length * 3 / 4;
    var insert =
        new HalfSentInsert(socket, Arrays.copyOfRange(block.body(), half, block.body().length));
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(chunk(Arrays.copyOf(block.body(), half)));
    out.flush();
    return insert;
  }

  /** Sends the other half and waits until the server has closed, which it may have before. */
  void finish() throws IOException {
    socket.setSoTimeout(60_000);
    OutputStream out = socket.getOutputStream();
    try {
      out.write(chunk(rest));
      out.write(chunk(new byte[0]));
      out.flush();
      socket.getInputStream().readAllBytes();
    } catch (SocketException closed) {
      assertThat(closed).hasMessageMatching("Broken pipe|Connection reset.*");
    }
  }

  private static byte[] chunk(byte[] bytes) throws IOException {
    var chunk = new ByteArrayOutputStream(bytes.length + 16);
    chunk.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    chunk.write(bytes);
    chunk.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    return chunk.toByteArray();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
