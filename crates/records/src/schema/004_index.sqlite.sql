-- Tier: index. How far the streams of relays and hosts have been followed.

-- Where a repository is: one for each of which something is here, once a commit of it has come.
CREATE TABLE repo_heads (
    repo_id INTEGER PRIMARY KEY REFERENCES repos (id),
    rev     INTEGER NOT NULL, -- the commit's TID as a number
    data    TEXT    NOT NULL  -- CID of the root of its tree: the next commit goes on from it
) STRICT;

-- The last message of each server whose effects are committed.
CREATE TABLE stream_cursors (
    url     TEXT    PRIMARY KEY,
    seq     INTEGER NOT NULL, -- its own number
    time_us INTEGER NOT NULL  -- where the stream was then
) STRICT;
