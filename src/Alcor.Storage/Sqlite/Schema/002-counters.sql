-- How many there are of what is counted against a limit. What is 0 has no row.
CREATE TABLE counter (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
