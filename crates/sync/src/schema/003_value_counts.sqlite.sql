-- How many keys an account has, so that a new one costs the same however many there are. Of its own, because the account's row is
-- read by everybody and this one by writers of new keys only.
CREATE TABLE sync_value_counts (
    account_id TEXT    PRIMARY KEY REFERENCES sync_accounts (id) ON DELETE CASCADE,
    keys       INTEGER NOT NULL -- rows of sync_values, deleted ones among them
) STRICT, WITHOUT ROWID;

INSERT INTO sync_value_counts (account_id, keys) SELECT account_id, COUNT(*) FROM sync_values GROUP BY account_id;
