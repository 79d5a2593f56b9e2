-- What a user bought, as the job saw it: one row for each order.completed event, keyed by the
-- event's identity, so that writing it again changes nothing. user_profile.orders and
-- lifetime_value follow from it (see the job's UserActivityWriter: both in one statement).

CREATE TABLE user_purchase (
    store_id   text           NOT NULL,
    source     text           NOT NULL,
    event_id   text           NOT NULL,
    user_id    text           NOT NULL,
    order_id   text           NOT NULL DEFAULT '',
    ordered_at timestamptz    NOT NULL,
    total      numeric(18, 4) NOT NULL,
    currency   text           NOT NULL DEFAULT '',
    PRIMARY KEY (store_id, source, event_id)
);

-- "What did this user buy, newest first"
CREATE INDEX user_purchase_user ON user_purchase (user_id, ordered_at DESC);
