-- One row for each content, however many types and versions use it: the id that events and clients
-- carry. The unique hash of the canonical form is what makes registration idempotent.
CREATE TABLE schema_content (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256     text        NOT NULL UNIQUE CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    document   text        NOT NULL, -- JSON as registered, white space removed; text, for jsonb reorders keys
    created_at timestamptz NOT NULL DEFAULT now()
);

-- A version of a type. Published ones never change; the status moves forward only.
CREATE TABLE schema_version (
    ordinal     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of registration: pages of lists
    type        text        NOT NULL CHECK (length(type) BETWEEN 1 AND 128),
    version     integer     NOT NULL CHECK (version >= 1),
    content_id  integer     NOT NULL REFERENCES schema_content (id),
    status      text        NOT NULL CHECK (status IN ('draft', 'published', 'deprecated', 'withdrawn')),
    description text        NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  text        NOT NULL,
    UNIQUE (type, version)
);

-- The same content again is the same version; a withdrawn one may come back as a new version.
CREATE UNIQUE INDEX schema_version_content ON schema_version (type, content_id) WHERE status <> 'withdrawn';
CREATE INDEX schema_version_content_id ON schema_version (content_id);

-- One row. Every change takes its lock first, on whichever server, and counts it up: versions have no
-- gaps, and one number tells a client whether anything changed.
CREATE TABLE revision (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    value     bigint NOT NULL
);
INSERT INTO revision (value) VALUES (0);

-- Who did what, when. Never updated.
CREATE TABLE audit (
    revision bigint      NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    actor    text        NOT NULL,
    action   text        NOT NULL,
    type     text        NOT NULL,
    version  integer     NOT NULL,
    PRIMARY KEY (revision)
);
