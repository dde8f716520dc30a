-- Tier: index. How far each job is: it vanishes together with what it has fetched.

-- How far the directory has been read for a collection.
CREATE TABLE backfill_discoveries (
    job_id     TEXT    NOT NULL,
    collection TEXT    NOT NULL,
    cursor     TEXT,             -- where the next page begins
    done       INTEGER NOT NULL, -- 1: there is no next page
    PRIMARY KEY (job_id, collection)
) STRICT, WITHOUT ROWID;

-- How far each repository of a job is.
CREATE TABLE backfill_repos (
    job_id   TEXT    NOT NULL,
    did      TEXT    NOT NULL,
    state    INTEGER NOT NULL, -- 0 discovered, 1 resolved, 2 fetched, 3 gone, 4 failed, 5 quarantined
    host     TEXT,             -- origin of its PDS, once it is known
    position TEXT,             -- where reading goes on
    records  INTEGER NOT NULL, -- found so far
    error    TEXT,
    PRIMARY KEY (job_id, did)
) STRICT, WITHOUT ROWID;
CREATE INDEX backfill_repos_todo ON backfill_repos (job_id, state, host, did);
