/** HTTP and WebSocket in, Kafka out; an acknowledgement means that Kafka has the event. */
package io.eventpipeline.edge;
