/** What the registry asks of ClickHouse: stored events to try a schema on, and columns. */
package io.eventpipeline.registry.warehouse;
