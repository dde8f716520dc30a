-- Tier: index. Which rows are what was saved here, and for what they stand.

-- One for each row whose record comes from local_decisions; nothing else says that of a row.
CREATE TABLE local_rows (
    collection_id INTEGER NOT NULL,
    repo_id       INTEGER NOT NULL,
    rkey          TEXT    NOT NULL,
    only_here     INTEGER NOT NULL, -- 1: there is no version of its author's in whose place it is
    cid           TEXT,             -- of that version, or of one that had been left out, if it is known
    decided_at    INTEGER NOT NULL, -- names the decision that it carries out
    -- 1: the row has become something else since; the decision is over and to be forgotten
    ended         INTEGER NOT NULL,
    PRIMARY KEY (collection_id, repo_id, rkey)
) STRICT, WITHOUT ROWID;
CREATE INDEX local_rows_ended ON local_rows (ended) WHERE ended = 1;

-- Microseconds; every decision from before has been carried out in this index.
ALTER TABLE index_identity ADD COLUMN settled_until INTEGER NOT NULL DEFAULT 0;

-- What is known of what authors have, whatever stands here in its place.
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
