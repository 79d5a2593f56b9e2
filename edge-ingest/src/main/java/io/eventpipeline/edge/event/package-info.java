/** Reads one event or many out of the bytes of a body or frame, without changing a byte of them. */
package io.eventpipeline.edge.event;
