/**
 * What every module agrees on: the event, the dead letter, why an event is refused, where it goes.
 *
 * <p>JDK only. Nothing here reads, writes or parses; it names.
 */
package io.eventpipeline.contract;
