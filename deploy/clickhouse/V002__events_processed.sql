-- Validated and enriched events: what analysts ask.
--
-- Engine      ReplacingMergeTree on (store_id, source, event_id): see V001. The columns before the
--             identity are the event's own and so the same in every copy of it, with one exception:
--             an event that its producer sent without a time has the time of receipt. Such an event
--             sent again after the job's dedup TTL is a second row; one with a time collapses here.
-- Partition   month of the event's own time: questions are about that time, and a second copy of an
--             event, however late, falls into the same partition. The time is clamped to 18 months
--             before receipt, which bounds the partitions of one block to 20.
-- Order       store, type, hour of the event, then the identity: per store, per type and per time
--             read a prefix; per user and session go through bloom filters. Plain time series
--             without a store prune by partition and by the min-max of event_time.
-- data        JSON: each path is a column of its own (data.sku, data.quantity) with its own type.
--             256 paths: the shipped types have about 30 together; what is beyond goes to the
--             shared part, which is slower but loses nothing. The sink inserts with dots in keys
--             escaped ({"a.b":1} is not {"a":{"b":1}}), the second of equal paths skipped, and
--             without guessing dates from strings, so that a string stays the string it was.
-- LowCardinality  as in V001, and for what the enrichment copies into every row of a store (name,
--             time zone, currency, country, all functions of store_id) or takes from a short list
--             (segment, user's country, the two look-ups' status, funnel step, route, job_version:
--             one a release). user_id and the ids of session, cart and event have millions of values.
-- Money       Decimal(18, 4), exact: four places as everywhere in the pipeline.
-- No TTL      the 18 months of the contract are for raw events.
CREATE TABLE IF NOT EXISTS events.events_processed
(
    event_id            String CODEC(ZSTD(1)),
    source              LowCardinality(String),
    event_type          LowCardinality(String),
    schema_version      UInt16 COMMENT 'the version it was validated against',
    event_time          DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    processed_at        DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    store_id            LowCardinality(String),
    user_id             String CODEC(ZSTD(1)),
    session_id          String CODEC(ZSTD(1)),
    cart_id             String CODEC(ZSTD(1)),
    data                JSON(max_dynamic_paths = 256),
    route               LowCardinality(String) COMMENT 'routed topics it also went to, comma-separated',
    user_segment        LowCardinality(String),
    user_country        LowCardinality(String),
    user_signup_at      DateTime64(6, 'UTC') COMMENT '1970-01-01 = unknown' CODEC(ZSTD(1)),
    user_orders         UInt32 CODEC(ZSTD(1)),
    user_lifetime_value Decimal(18, 4) CODEC(ZSTD(1)),
    user_status         LowCardinality(String) COMMENT 'hit, stale, miss, unavailable, none',
    store_name          LowCardinality(String),
    store_time_zone     LowCardinality(String),
    store_currency      LowCardinality(String),
    store_country       LowCardinality(String),
    store_status        LowCardinality(String) COMMENT 'hit, stale, miss, unavailable, none',
    session_started_at  DateTime64(6, 'UTC') COMMENT '1970-01-01 = no session' CODEC(Delta, ZSTD(1)),
    session_event_index UInt32 CODEC(ZSTD(1)),
    session_duration_ms UInt64 CODEC(ZSTD(1)),
    session_cart_items  Int32 CODEC(ZSTD(1)),
    session_cart_value  Decimal(18, 4) CODEC(ZSTD(1)),
    local_hour          UInt8 COMMENT 'in the store''s time zone, 0..23',
    local_weekday       UInt8 COMMENT 'in the store''s time zone, 1 = Monday',
    is_weekend          Bool,
    lateness_ms         Int64 COMMENT 'from event_time to received_at; negative when the producer''s clock runs ahead' CODEC(ZSTD(1)),
    line_amount         Decimal(18, 4) CODEC(ZSTD(1)),
    funnel_step         LowCardinality(String) COMMENT 'view, cart, checkout, order, other',
    returning_customer  Bool,
    job_version         LowCardinality(String),
    src_partition       UInt16,
    src_offset          UInt64 CODEC(Delta, ZSTD(1)),
    _commit_id          LowCardinality(String),
    _row_no             UInt32 CODEC(Delta, ZSTD(1)),
    INDEX event_id_bloom event_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX cart_id_bloom cart_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX event_time_range event_time TYPE minmax GRANULARITY 1,
    INDEX received_at_range received_at TYPE minmax GRANULARITY 1,
    INDEX commit_id_range _commit_id TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(event_time)
PRIMARY KEY (store_id, event_type, toStartOfHour(event_time))
ORDER BY (store_id, event_type, toStartOfHour(event_time), source, event_id)
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
