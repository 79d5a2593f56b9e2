-- Refusals: why, where, and the bytes to replay.
--
-- Identity    (topic, src_partition, src_offset): one refusal per record. Neither reason nor
--             failed_at is in the key: when the job replays after a crash they may differ, and the
--             newer copy replaces the older one. Hence also the partition by month of receipt.
-- Order       hour, then identity: refusals are few and asked by time; a set index answers "this
--             reason", bloom filters the rest.
-- LowCardinality  as in V001; reason and stage are the contract's own lists (22 and 7 words), topic
--             holds what the job reads, job_version changes with a release. detail is free text: a
--             String.
-- payload     as refused, at most 1 MB; kept as long as the raw event, since it may hold the same
--             personal data.
CREATE TABLE IF NOT EXISTS events.events_errors
(
    event_id       String COMMENT 'this and the following as far as they could be read' CODEC(ZSTD(1)),
    source         LowCardinality(String),
    event_type     LowCardinality(String),
    schema_version UInt16,
    event_time     DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at    DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    failed_at      DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    store_id       LowCardinality(String),
    user_id        String CODEC(ZSTD(1)),
    session_id     String CODEC(ZSTD(1)),
    cart_id        String CODEC(ZSTD(1)),
    reason         LowCardinality(String),
    stage          LowCardinality(String),
    detail         String CODEC(ZSTD(1)),
    payload        String CODEC(ZSTD(3)),
    data           String ALIAS JSONExtractRaw(payload, 'data'),
    topic          LowCardinality(String),
    job_version    LowCardinality(String),
    src_partition  UInt16,
    src_offset     UInt64 CODEC(Delta, ZSTD(1)),
    _commit_id     LowCardinality(String),
    _row_no        UInt32 CODEC(Delta, ZSTD(1)),
    INDEX reason_set reason TYPE set(64) GRANULARITY 1,
    INDEX store_id_set store_id TYPE set(256) GRANULARITY 1,
    INDEX event_id_bloom event_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX commit_id_range _commit_id TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_at)
PRIMARY KEY (toStartOfHour(received_at), topic)
ORDER BY (toStartOfHour(received_at), topic, src_partition, src_offset)
TTL toDateTime(received_at) + INTERVAL 18 MONTH DELETE
SETTINGS
    ttl_only_drop_parts = 1,
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
