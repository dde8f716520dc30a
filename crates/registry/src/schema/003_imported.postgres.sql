-- What was taken over of the statistics of other registries: taking it over again adds what has come since.
CREATE TABLE registry_imported (
    source     TEXT COLLATE "C" NOT NULL, -- what the operator calls the other registry
    owner_did  TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    pulls      BIGINT NOT NULL,
    pushes     BIGINT NOT NULL,
    PRIMARY KEY (source, owner_did, repository)
);
