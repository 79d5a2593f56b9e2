-- What analysts read. The tables collapse copies of a row in merges, at a time of ClickHouse's
-- choosing; these views collapse them when they are read.
--
-- FINAL, not LIMIT 1 BY: filters on the key and on other columns are still pushed below it, and
-- only parts whose key ranges overlap are merged. LIMIT BY would keep every identity in memory and
-- read all months for a question about an hour. The sorting keys contain what the partition is
-- made of, so ClickHouse merges each month by itself.
--
-- Columns that serve the sink (_commit_id, _row_no) are left out. The views run with the reader's
-- own rights. Users and their grants are not made here: they live in the server's users.xml (or
-- its users.d), and users defined there cannot be granted anything by SQL.
CREATE OR REPLACE VIEW events.raw AS
SELECT * EXCEPT (_commit_id, _row_no), data
FROM events.events_raw FINAL;

CREATE OR REPLACE VIEW events.processed AS
SELECT * EXCEPT (_commit_id, _row_no)
FROM events.events_processed FINAL;

CREATE OR REPLACE VIEW events.errors AS
SELECT * EXCEPT (_commit_id, _row_no), data
FROM events.events_errors FINAL;

CREATE OR REPLACE VIEW events.ledger AS
SELECT *, toInt64(records_in) - toInt64(records_out + duplicates + dead_letters) AS gap
FROM events.pipeline_ledger FINAL;

-- Rows that the second layer has to hide, received within the last day: empty, or the first layer
-- failed (alarm on it). Merges remove the evidence in time, so look at least every few minutes.
CREATE OR REPLACE VIEW events.hidden_rows AS
SELECT 'events_raw' AS table_name, toString((src_partition, src_offset)) AS identity, count() AS copies,
       groupUniqArray(_commit_id) AS commits
FROM events.events_raw
WHERE received_at > now() - INTERVAL 1 DAY
GROUP BY src_partition, src_offset
HAVING copies > 1
UNION ALL
SELECT 'events_processed', toString((store_id, source, event_id)), count() AS copies, groupUniqArray(_commit_id)
FROM events.events_processed
WHERE received_at > now() - INTERVAL 1 DAY
GROUP BY store_id, source, event_id
HAVING copies > 1
UNION ALL
SELECT 'events_errors', toString((topic, src_partition, src_offset)), count() AS copies, groupUniqArray(_commit_id)
FROM events.events_errors
WHERE received_at > now() - INTERVAL 1 DAY
GROUP BY topic, src_partition, src_offset
HAVING copies > 1;
