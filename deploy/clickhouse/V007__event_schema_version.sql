-- Two versions of an event: the one that it named, and the one that it is written as, which is newer
-- when the job has upcast its data on the way (schema-registry/README.md, "Evolution").
--
-- Rows from before name the version that they were written as. The view lists the columns of its
-- table once, when it is made, so it is made again.
ALTER TABLE events.events_processed
    ADD COLUMN IF NOT EXISTS event_schema_version UInt16 DEFAULT schema_version
        COMMENT 'the version that the event named; the newest at that time when it named none'
        AFTER schema_version;

ALTER TABLE events.events_processed
    COMMENT COLUMN schema_version 'the version that data is written as';

CREATE OR REPLACE VIEW events.processed AS
SELECT * EXCEPT (_commit_id, _row_no)
FROM events.events_processed FINAL;
