-- migration: a JSONata expression that turns the data of the version before into this version's.
-- upcasts_from: the version whose data can be read as this one's, by the migration or as it is; set
-- when the version is published and NULL when nothing showed it. supersedes: the version that this
-- one corrects; events that name it are held against this one.
ALTER TABLE schema_version
    ADD COLUMN migration    text CHECK (length(migration) BETWEEN 1 AND 8192),
    ADD COLUMN upcasts_from integer CHECK (upcasts_from >= 1 AND upcasts_from < version),
    ADD COLUMN supersedes   integer CHECK (supersedes >= 1 AND supersedes < version);

-- Of those that are in force only one can correct a version.
CREATE UNIQUE INDEX schema_version_supersedes ON schema_version (type, supersedes)
    WHERE status IN ('published', 'deprecated');

-- Whether a migration may stand in for backward compatibility; NULL where compatibility is.
ALTER TABLE subject ADD COLUMN accept_migrations boolean;

CREATE OR REPLACE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    forward CONSTANT text[] := ARRAY ['draft', 'published', 'deprecated', 'withdrawn'];
BEGIN
    IF (NEW.ordinal, NEW.type, NEW.version) IS DISTINCT FROM (OLD.ordinal, OLD.type, OLD.version) THEN
        RAISE EXCEPTION 'a version keeps its name';
    END IF;
    IF OLD.status <> 'draft'
        AND (NEW.content_id, NEW.description, NEW.published_at, NEW.migration, NEW.upcasts_from, NEW.supersedes)
        IS DISTINCT FROM
            (OLD.content_id, OLD.description, OLD.published_at, OLD.migration, OLD.upcasts_from, OLD.supersedes) THEN
        RAISE EXCEPTION 'version % of % is % and cannot change', OLD.version, OLD.type, OLD.status;
    END IF;
    IF array_position(forward, NEW.status) < array_position(forward, OLD.status) THEN
        RAISE EXCEPTION 'version % of % cannot go back to %', OLD.version, OLD.type, NEW.status;
    END IF;
    RETURN NEW;
END
$$;
