package io.eventpipeline.edge;

/**
 * What a write key stands for.
 *
 * @param storeId the only store that it may write for
 * @param source CloudEvents {@code source} of its events that name none
 * @param label for people
 */
record WriteKey(String storeId, String source, String label) {}
