-- Who may send events, for which store. A key is at least 128 random bits, so one plain SHA-256 of
-- it is enough: nothing to guess, nothing to salt. The key itself is stored nowhere.

CREATE TABLE write_key (
    key_sha256 text PRIMARY KEY CHECK (key_sha256 ~ '^[0-9a-f]{64}$'),
    store_id   text        NOT NULL,
    source     text        NOT NULL, -- CloudEvents source of events that name none
    label      text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE INDEX write_key_store ON write_key (store_id);
