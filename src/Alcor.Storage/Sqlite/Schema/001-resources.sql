-- How far each partition has come. A row is never deleted, so a revision is never given out twice.
CREATE TABLE partition (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,          -- kind/id
    revision INTEGER NOT NULL
) STRICT;

-- The resources that exist. The value comes last so that a look at the rest never follows its overflow pages.
CREATE TABLE resource (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,         -- type/id
    partition INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    links     BLOB NOT NULL,                -- what this row has in claim, reference and index_entry
    value     BLOB NOT NULL
) STRICT;

-- The change log of what exists: each resource stands in it once, at the revision that last wrote it.
CREATE INDEX resource_by_revision ON resource (partition, revision);

-- The change log of what is gone.
CREATE TABLE tombstone (
    partition INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    key       TEXT NOT NULL,
    PRIMARY KEY (partition, revision, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    key   TEXT PRIMARY KEY,                 -- space/number in hexadecimal, so that neighbours are neighbours here too
    owner INTEGER NOT NULL                  -- resource.id
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    target TEXT NOT NULL,                   -- type/id, which need not exist
    source INTEGER NOT NULL,                -- resource.id
    PRIMARY KEY (target, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_entry (
    entry    TEXT NOT NULL,                 -- type/name=value
    id       TEXT NOT NULL,                 -- the id within the type, because lists are in its order
    resource INTEGER NOT NULL,              -- resource.id
    PRIMARY KEY (entry, id)
) STRICT, WITHOUT ROWID;
