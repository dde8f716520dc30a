-- What was taken over of the statistics of other registries: taking it over again adds what has come since.
CREATE TABLE registry_imported (
    source     TEXT    NOT NULL, -- what the operator calls the other registry
    owner_did  TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    pulls      INTEGER NOT NULL,
    pushes     INTEGER NOT NULL,
    PRIMARY KEY (source, owner_did, repository)
) STRICT, WITHOUT ROWID;
