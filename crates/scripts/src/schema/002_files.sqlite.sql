-- Scripts that come from files of a watched folder, and what is wrong with such files.

ALTER TABLE appview_scripts ADD COLUMN file TEXT; -- its name in the folder; NULL: stored by hand

CREATE TABLE appview_script_problems (
    file       TEXT    NOT NULL PRIMARY KEY, -- its name in the folder; empty: the folder itself
    script_ref TEXT,                         -- the trigger, if the name has one
    error      TEXT    NOT NULL,
    noticed_at INTEGER NOT NULL              -- microseconds
) STRICT;
