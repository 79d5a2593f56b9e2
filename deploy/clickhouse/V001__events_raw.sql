-- Every event as it arrived: duplicates, junk and all. One row per record of cart-events-raw.
--
-- Engine      ReplacingMergeTree: the second layer of exactly-once. The sink inserts a row once; if
--             it ever did not, rows with the same place in Kafka collapse in merges and under FINAL.
--             Identity = (src_partition, src_offset), the last columns of the sorting key; the
--             columns before them are functions of the same Kafka record, so a second copy sorts
--             to the same place. No version column: copies are equal.
-- Partition   month of receipt, not of the event's own time: arrivals of one second fall into one
--             partition (two at a month's turn), so a commit is one block; and the TTL drops a
--             partition whole. 18 months = 19 partitions.
-- Order       store, type, hour: what is asked for ("what did store-1 send this morning"), and equal
--             neighbours compress. The hour and not the microsecond, so that the identity that
--             follows still sorts within a useful range; a granule (8192 rows) is smaller than an
--             hour of a busy store. The index keeps only the first three (PRIMARY KEY).
-- data        computed from the payload when it is read: the bytes are stored once, in payload.
-- Codecs      Delta before ZSTD on counters and clocks that rise by small steps; ZSTD(3) on the
--             payload, which is written once and read rarely.
-- LowCardinality  where few values stand in many rows: a row holds a small number, the texts are
--             kept once, and GROUP BY and = work on the numbers. Measured, in bytes a row: source with
--             50 values 0.005, as String with ZSTD 0.27. store_id, event_type and source have tens
--             to thousands; a producer that puts something unique into source loses speed, no rows.
--             _commit_id is new with every block, but the same in all rows of it: 0.45 in a part of
--             1,000 blocks of 5,000 rows, as String with ZSTD 0.56. The bet is on large blocks: in a
--             part of 20,000 blocks of 250 rows it is 8.6, and would be 2.6.
--             Strings where nearly every row has its own value: ids of event, session, cart, user.
-- Skipping    bloom filters for look-ups by user, session, cart and id, which the key does not
--             help (0.01: one granule in a hundred is read in vain); min-max on event_time for
--             questions without a store, on src_offset for audits, and on _commit_id, with which
--             the sink asks what of a block has landed (ids rise with time, so only the newest
--             parts are read).
-- fsync       on. The bytes leave Flink's checkpoint as soon as ClickHouse has said yes, so "yes"
--             has to survive a power cut. Blocks are at most 50,000 rows and mostly below 10 MB,
--             the limit up to which all columns share a file: a few fsyncs a second, no more.
-- Dedup       window of 10,000 blocks: at most (parallelism 4) x (1 checkpoint a second) = 4 blocks
--             a second, so a retry is recognised for 40 minutes. Only the first filter: the sink
--             never believes "deduplicated", it counts.
CREATE TABLE IF NOT EXISTS events.events_raw
(
    event_id       String CODEC(ZSTD(1)),
    source         LowCardinality(String),
    event_type     LowCardinality(String),
    schema_version UInt16 COMMENT 'as named by the producer; 0 = none named',
    event_time     DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at    DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    store_id       LowCardinality(String),
    user_id        String CODEC(ZSTD(1)),
    session_id     String CODEC(ZSTD(1)),
    cart_id        String CODEC(ZSTD(1)),
    payload        String COMMENT 'the whole envelope, byte for byte as it stood in Kafka' CODEC(ZSTD(3)),
    data           String ALIAS JSONExtractRaw(payload, 'data'),
    src_partition  UInt16,
    src_offset     UInt64 CODEC(Delta, ZSTD(1)),
    _commit_id     LowCardinality(String),
    _row_no        UInt32 CODEC(Delta, ZSTD(1)),
    INDEX event_id_bloom event_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX cart_id_bloom cart_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX event_time_range event_time TYPE minmax GRANULARITY 1,
    INDEX src_offset_range src_offset TYPE minmax GRANULARITY 1,
    INDEX commit_id_range _commit_id TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_at)
PRIMARY KEY (store_id, event_type, toStartOfHour(received_at))
ORDER BY (store_id, event_type, toStartOfHour(received_at), src_partition, src_offset)
TTL toDateTime(received_at) + INTERVAL 18 MONTH DELETE
SETTINGS
    ttl_only_drop_parts = 1,
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
