-- Tier: index. How far the record index is in step with what is at home here; it vanishes with the index.

CREATE TABLE repos_mirrored (
    collection TEXT   PRIMARY KEY,
    seq        BIGINT NOT NULL -- the number of the last event whose records are in the index
);
