-- Who refers to a resource, in the order in which lists are, so that they can be listed without an index entry. Made
-- anew: no file from before it is read.
DROP TABLE reference;

CREATE TABLE reference (
    target   TEXT NOT NULL,                 -- type/id, which need not exist
    source   TEXT NOT NULL,                 -- type/id
    resource INTEGER NOT NULL,              -- resource.id of the source
    PRIMARY KEY (target, source)
) STRICT, WITHOUT ROWID;
