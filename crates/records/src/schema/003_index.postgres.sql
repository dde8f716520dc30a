-- Tier: index. Which rows are what was saved here, and for what they stand. See 003_index.sqlite.sql for the comments.

CREATE TABLE local_rows (
    collection_id BIGINT NOT NULL,
    repo_id       BIGINT NOT NULL,
    rkey          TEXT COLLATE "C" NOT NULL,
    only_here     BIGINT NOT NULL,
    cid           TEXT,
    decided_at    BIGINT NOT NULL,
    ended         BIGINT NOT NULL,
    PRIMARY KEY (collection_id, repo_id, rkey)
);
CREATE INDEX local_rows_ended ON local_rows (ended) WHERE ended = 1;

ALTER TABLE index_identity ADD COLUMN settled_until BIGINT NOT NULL DEFAULT 0;

CREATE VIEW network_records AS
SELECT repos.did AS did,
       collections.nsid AS collection,
       r.rkey AS rkey,
       coalesce(r.cid, l.cid) AS cid
FROM record_rows r
JOIN repos ON repos.id = r.repo_id
JOIN collections ON collections.id = r.collection_id
LEFT JOIN local_rows l
    ON r.cid IS NULL AND l.ended = 0
    AND l.collection_id = r.collection_id AND l.repo_id = r.repo_id AND l.rkey = r.rkey
WHERE r.visible = 1 AND coalesce(l.only_here, 0) = 0;
