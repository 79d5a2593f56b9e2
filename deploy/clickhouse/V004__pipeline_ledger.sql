-- Conservation: what went into each stage and what came out, per checkpoint and subtask.
-- records_in = records_out + duplicates + dead_letters, for every row. Filled by a later release:
-- until then this table and its view (V005) are empty, and "the gap is 0 everywhere" says nothing.
--
-- Replacing on (window_start, stage, checkpoint_id, job_id, subtask): a checkpoint that is counted
-- again after a restart replaces its first count (version recorded_at). Small: one row per stage,
-- subtask and checkpoint.
--
-- fsync       off, unlike in the tables of events: these are counts of rows that are safe without
--             them, and a row that a power cut took is seen to be missing.
-- LowCardinality  stage and job_id: nine steps, and one job until it is submitted anew.
CREATE TABLE IF NOT EXISTS events.pipeline_ledger
(
    window_start  DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    checkpoint_id UInt64 CODEC(Delta, ZSTD(1)),
    stage         LowCardinality(String),
    subtask       UInt16,
    job_id        LowCardinality(String),
    records_in    UInt64 CODEC(ZSTD(1)),
    records_out   UInt64 CODEC(ZSTD(1)),
    duplicates    UInt64 CODEC(ZSTD(1)),
    dead_letters  UInt64 CODEC(ZSTD(1)),
    recorded_at   DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(recorded_at)
PARTITION BY toYYYYMM(window_start)
ORDER BY (window_start, stage, checkpoint_id, job_id, subtask)
TTL toDateTime(window_start) + INTERVAL 18 MONTH DELETE
SETTINGS
    ttl_only_drop_parts = 1,
    non_replicated_deduplication_window = 10000;
