-- Who may still write a block. Before the sink counts what landed of a block whose insert it has
-- lost sight of, it puts a row here; every insert of a block reads this table first and inserts
-- nothing when a newer epoch has taken the block over. So an insert that was held up (a paused
-- process, a full socket) and starts late does nothing, with any dedup window or none.
--
-- One row per doubt, so nearly empty; a week is longer than any process stays paused.
CREATE TABLE IF NOT EXISTS events.sink_fences
(
    commit_id String,
    epoch     UInt64,
    fenced_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY commit_id
TTL toDateTime(fenced_at) + INTERVAL 7 DAY DELETE
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;
