/**
 * Exactly once into ClickHouse: {@link io.eventpipeline.job.clickhouse.ClickHouseSink}.
 *
 * <p>A record becomes a row ({@code TableMapping}), rows become a block ({@code ClickHouseWriter}),
 * a block lands ({@code ClickHouseCommitter}, {@code BlockLander}), over HTTP ({@code
 * HttpServerClient}). {@code RATIONALE.md} in this folder says why it is built so.
 */
package io.eventpipeline.job.clickhouse;
