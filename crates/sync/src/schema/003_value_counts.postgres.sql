-- How many keys an account has. See 003_value_counts.sqlite.sql for the comments.
CREATE TABLE sync_value_counts (
    account_id TEXT   PRIMARY KEY REFERENCES sync_accounts (id) ON DELETE CASCADE,
    keys       BIGINT NOT NULL
);

INSERT INTO sync_value_counts (account_id, keys) SELECT account_id, COUNT(*) FROM sync_values GROUP BY account_id;
