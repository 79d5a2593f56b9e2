package io.eventpipeline.edge.status;

import java.time.Duration;

/**
 * What readers of committed records do not see of a topic yet.
 *
 * @param records between the last stable offsets and the ends of its partitions
 * @param age of the oldest open transaction that writes to it; zero when there is none
 */
public record HeldBack(long records, Duration age) {}
