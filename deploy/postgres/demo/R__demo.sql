-- Stores, users and write keys of the local stack; never applied in production. Rows that exist are
-- left alone: what the job has since written to them stays.

INSERT INTO store_config (store_id, name, time_zone, currency, country)
VALUES ('store-1', 'Kaufhaus am Ring', 'Europe/Berlin', 'EUR', 'DE'),
       ('store-2', 'Harbor Outfitters', 'America/New_York', 'USD', 'US'),
       ('store-3', 'Sumida Goods', 'Asia/Tokyo', 'JPY', 'JP'),
       ('store-4', 'Camden Corner', 'Europe/London', 'GBP', 'GB'),
       ('store-5', 'Bondi Supply', 'Australia/Sydney', 'AUD', 'AU')
ON CONFLICT (store_id) DO NOTHING;

-- 10,000 users, the same on every machine: attributes are functions of the number.
INSERT INTO user_profile (user_id, segment, country, signup_at, orders, lifetime_value)
SELECT 'u-' || n,
       (ARRAY ['new', 'regular', 'regular', 'regular', 'loyal', 'vip'])[1 + n % 6],
       (ARRAY ['DE', 'US', 'JP', 'GB', 'AU', 'FR', 'PL'])[1 + n % 7],
       timestamptz '2023-01-01 00:00:00+00' + n * interval '2 hours 17 minutes',
       n % 23,
       ((n % 23) * (500 + n % 9000))::numeric / 100
FROM generate_series(1, 10000) AS n
ON CONFLICT (user_id) DO NOTHING;

-- dev-write-key for store-1, dev-write-key-2 .. -5 for the others.
INSERT INTO write_key (key_sha256, store_id, source, label)
SELECT encode(sha256(convert_to(CASE n WHEN 1 THEN 'dev-write-key' ELSE 'dev-write-key-' || n END, 'UTF8')), 'hex'),
       'store-' || n,
       '/shop/web',
       'local development'
FROM generate_series(1, 5) AS n
ON CONFLICT (key_sha256) DO NOTHING;
