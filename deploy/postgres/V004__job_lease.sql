-- Which running job owns a name that only one may use: a prefix of transactional ids, a consumer
-- group. The job renews its rows while it runs; a row whose time is over belongs to nobody. Times
-- are this server's, so clocks of others do not matter (see the job's Lease).

CREATE TABLE job_lease (
    name       text        PRIMARY KEY,
    holder     text        NOT NULL,  -- Flink's job id
    epoch      bigint      NOT NULL,  -- rises with each new holder
    host       text        NOT NULL,  -- for people: where the holder runs
    since      timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
