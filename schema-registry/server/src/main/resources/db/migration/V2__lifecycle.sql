-- A subject is an event type. Its row is the lock under which its versions change, and remembers the
-- last version for good: a number is never given twice, not even after its version was erased, for
-- stored events name versions. The row '' stands for all subjects and holds the registry's settings.
CREATE TABLE subject (
    type                text PRIMARY KEY CHECK (length(type) <= 128),
    last_version        integer NOT NULL DEFAULT 0,
    compatibility       text CHECK (compatibility IN ('NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD',
                                    'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE')),
    policy              text CHECK (policy IN ('STRICT', 'LENIENT')),
    normalize           boolean,
    compatibility_group text,
    mode                text CHECK (mode IN ('READWRITE', 'READONLY', 'READONLY_OVERRIDE'))
);
INSERT INTO subject (type) VALUES ('');
INSERT INTO subject (type, last_version) SELECT type, max(version) FROM schema_version GROUP BY type;
ALTER TABLE schema_version ADD FOREIGN KEY (type) REFERENCES subject (type);

-- What a schema refers to: [{"name","subject","version"}], by which it is told apart from the same
-- text with other references. self_contained is the schema with all that it refers to inside it, so
-- that who validates needs one document; NULL when document is that already.
ALTER TABLE schema_content
    ADD COLUMN refs           jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN self_contained text,
    ADD COLUMN metadata       text,
    ADD COLUMN guid           uuid GENERATED ALWAYS AS (substr(sha256, 1, 32)::uuid) STORED;
CREATE INDEX schema_content_refs ON schema_content USING gin (refs jsonb_path_ops);
CREATE UNIQUE INDEX schema_content_guid ON schema_content (guid);

-- published_at is NULL as long as a version was never open to producers: a withdrawn draft is nobody
-- else's business. changed is the revision that last touched the row: the tag of its representation.
ALTER TABLE schema_version
    ADD COLUMN published_at timestamptz,
    ADD COLUMN changed      bigint NOT NULL DEFAULT 0;
UPDATE schema_version SET published_at = created_at WHERE status <> 'draft';

-- The promise that a published version never changes holds whatever a program does.
CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    forward CONSTANT text[] := ARRAY ['draft', 'published', 'deprecated', 'withdrawn'];
BEGIN
    IF (NEW.ordinal, NEW.type, NEW.version) IS DISTINCT FROM (OLD.ordinal, OLD.type, OLD.version) THEN
        RAISE EXCEPTION 'a version keeps its name';
    END IF;
    IF OLD.status <> 'draft' AND (NEW.content_id, NEW.description, NEW.published_at)
        IS DISTINCT FROM (OLD.content_id, OLD.description, OLD.published_at) THEN
        RAISE EXCEPTION 'version % of % is % and cannot change', OLD.version, OLD.type, OLD.status;
    END IF;
    IF array_position(forward, NEW.status) < array_position(forward, OLD.status) THEN
        RAISE EXCEPTION 'version % of % cannot go back to %', OLD.version, OLD.type, NEW.status;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_published BEFORE UPDATE ON schema_version
    FOR EACH ROW EXECUTE FUNCTION keep_published();

CREATE FUNCTION keep_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the content of schema % cannot change', OLD.id;
END
$$;
CREATE TRIGGER keep_content BEFORE UPDATE ON schema_content
    FOR EACH ROW EXECUTE FUNCTION keep_content();

-- One change may touch several versions (a whole subject is deleted) or none (a setting).
ALTER TABLE audit DROP CONSTRAINT audit_pkey;
ALTER TABLE audit
    ALTER COLUMN version DROP NOT NULL,
    ADD COLUMN reason text NOT NULL DEFAULT '',
    ADD COLUMN entry  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
CREATE INDEX audit_of ON audit (type, version);
