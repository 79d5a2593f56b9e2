package io.eventpipeline.edge.event;

import io.eventpipeline.contract.FailureReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * What was found out about one event: that it can go on, or why not.
 *
 * @param bytes the body that holds it; not copied
 * @param from index of its opening brace
 * @param to index after its closing brace
 * @param absent attributes that the edge has to add
 * @param id its {@code id}; null when absent
 * @param storeId its {@code storeid}; null when absent
 * @param group first present of {@code sessionid}, {@code cartid}, {@code userid}: events that must
 *     stay in order; null when none is
 * @param refusal why it is refused; null when it is not
 * @param detail what is wrong and at which byte of the body; null when nothing is
 */
public record ParsedEvent(
    byte[] bytes,
    int from,
    int to,
    Set<Addable> absent,
    String id,
    String storeId,
    String group,
    FailureReason refusal,
    String detail) {

  /** The attributes that a producer may leave out because the edge knows them. */
  public enum Addable {
    SPECVERSION,
    ID,
    SOURCE,
    STOREID,
    TIME
  }

  /** An event that is refused before its {@code id} was read. */
  public static ParsedEvent refused(FailureReason reason, String detail) {
    return refused(null, reason, detail);
  }

  /** A refused event whose {@code id}, if it has one, was read before the fault. */
  static ParsedEvent refused(String id, FailureReason reason, String detail) {
    return new ParsedEvent(
        new byte[0], 0, 0, EnumSet.noneOf(Addable.class), id, null, null, reason, detail);
  }

  /** Whether it can go on. */
  public boolean isAccepted() {
    return refusal == null;
  }
}
