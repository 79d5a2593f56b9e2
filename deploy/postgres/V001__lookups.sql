-- What the job enriches events with. Redis caches these rows; this is the truth.

CREATE TABLE user_profile (
    user_id        text PRIMARY KEY,
    segment        text           NOT NULL DEFAULT '',
    country        text           NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'), -- ISO 3166-1 alpha-2
    signup_at      timestamptz,                       -- null = unknown
    orders         integer        NOT NULL DEFAULT 0 CHECK (orders >= 0),
    lifetime_value numeric(18, 4) NOT NULL DEFAULT 0,  -- same scale as ClickHouse's Decimal(18, 4)
    last_seen      timestamptz,                       -- written by the job, only ever forward
    updated_at     timestamptz    NOT NULL DEFAULT now()
)
-- The job updates orders and last_seen in place: with room on the page and no index on those
-- columns such an update touches neither another page nor an index (HOT).
WITH (fillfactor = 80);

CREATE TABLE store_config (
    store_id   text PRIMARY KEY,
    name       text        NOT NULL,
    time_zone  text        NOT NULL, -- IANA name; the reader checks it, Postgres does not
    currency   text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'), -- ISO 4217
    country    text        NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    updated_at timestamptz NOT NULL DEFAULT now()
);
