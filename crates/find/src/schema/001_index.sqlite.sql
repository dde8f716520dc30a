-- Tier: index. The fields that are searched and have an index for it, or are getting one.

CREATE TABLE search_fields (
    id            INTEGER PRIMARY KEY, -- names the index: search_ID
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    path          TEXT    NOT NULL,
    built         INTEGER NOT NULL,    -- record_rows up to this id are in it; the greatest integer: all, and those to come
    next_try_at   INTEGER NOT NULL,    -- microseconds; until then whoever is building it has it to themselves
    UNIQUE (collection_id, path)
) STRICT;
