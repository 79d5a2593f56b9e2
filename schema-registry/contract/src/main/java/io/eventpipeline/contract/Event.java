package io.eventpipeline.contract;

/**
 * One cart event: a CloudEvents 1.0 envelope, decoded, with the bytes it came in.
 *
 * <p>Strings are never null: an absent optional attribute is {@code ""}. The record is flat so that
 * Flink stores it as a POJO.
 *
 * @param id CloudEvents {@code id}; with {@code storeId} and {@code source} the identity for
 *     deduplication
 * @param source CloudEvents {@code source}
 * @param type CloudEvents {@code type}, the subject in the schema registry
 * @param schemaVersion version named by {@code dataschema}; 0 = none named, the newest counts
 * @param timeMicros CloudEvents {@code time}, microseconds since the epoch, clamped to {@link
 *     EventLimits#PAST_MAX} and {@link EventLimits#FUTURE_MAX} around the time of receipt
 * @param storeId extension {@code storeid}: the tenant
 * @param userId extension {@code userid}
 * @param sessionId extension {@code sessionid}
 * @param cartId extension {@code cartid}
 * @param payload the whole envelope, byte for byte as it stood in Kafka
 * @param dataStart index of the first byte of the {@code data} member's value in {@code payload}
 * @param dataLength length of that value, bytes
 * @param receivedAtMicros time of receipt at the edge (the record's Kafka timestamp), microseconds
 * @param partition partition of {@link Topics#RAW}
 * @param offset offset in that partition
 * @param follows offset in that partition of the event that has to be worked on before this one;
 *     {@link #FOLLOWS_NONE} when there is none, or none that may still be on its way
 */
public record Event(
    String id,
    String source,
    String type,
    int schemaVersion,
    long timeMicros,
    String storeId,
    String userId,
    String sessionId,
    String cartId,
    byte[] payload,
    int dataStart,
    int dataLength,
    long receivedAtMicros,
    int partition,
    long offset,
    long follows) {
  public static final long FOLLOWS_NONE = -1;

  /**
   * A record of the raw topic that could not be decoded: only its bytes and its place are known.
   */
  public static Event undecodable(
      byte[] payload, long receivedAtMicros, int partition, long offset) {
    return new Event(
        "",
        "",
        "",
        0,
        receivedAtMicros,
        "",
        "",
        "",
        "",
        payload,
        0,
        0,
        receivedAtMicros,
        partition,
        offset,
        FOLLOWS_NONE);
  }

  /** This event with the version that it was validated against. */
  public Event withSchemaVersion(int version) {
    return with(version, follows);
  }

  /** This event as one that comes after another of the same partition. */
  public Event following(long predecessor) {
    return with(schemaVersion, predecessor);
  }

  private Event with(int version, long predecessor) {
    return new Event(
        id,
        source,
        type,
        version,
        timeMicros,
        storeId,
        userId,
        sessionId,
        cartId,
        payload,
        dataStart,
        dataLength,
        receivedAtMicros,
        partition,
        offset,
        predecessor);
  }
}
