-- How much is kept for each account, so that it has an end. Counted with every write, in the row that each writes anyway.
ALTER TABLE sync_account_seqs ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;     -- of what it keeps here, attachments aside
ALTER TABLE sync_account_seqs ADD COLUMN log_bytes INTEGER NOT NULL DEFAULT 0; -- of the bodies of its updates
ALTER TABLE sync_sessions ADD COLUMN message_bytes INTEGER NOT NULL DEFAULT 0; -- of the contents of its messages

UPDATE sync_sessions SET message_bytes =
    COALESCE((SELECT SUM(OCTET_LENGTH(content)) FROM sync_messages WHERE session_id = sync_sessions.id), 0);

UPDATE sync_account_seqs SET
    bytes = COALESCE((SELECT OCTET_LENGTH(settings) FROM sync_accounts WHERE id = account_id), 0)
        + COALESCE((SELECT SUM(message_bytes + OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(agent_state), 0)
                               + COALESCE(OCTET_LENGTH(data_key), 0))
                    FROM sync_sessions s WHERE s.account_id = sync_account_seqs.account_id), 0)
        + COALESCE((SELECT SUM(OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(daemon_state), 0)
                               + COALESCE(OCTET_LENGTH(data_key), 0))
                    FROM sync_machines m WHERE m.account_id = sync_account_seqs.account_id), 0)
        + COALESCE((SELECT SUM(OCTET_LENGTH(header) + OCTET_LENGTH(body) + OCTET_LENGTH(data_key))
                    FROM sync_artifacts a WHERE a.account_id = sync_account_seqs.account_id), 0)
        + COALESCE((SELECT SUM(OCTET_LENGTH(data))
                    FROM sync_access_keys k WHERE k.account_id = sync_account_seqs.account_id), 0)
        + COALESCE((SELECT SUM(OCTET_LENGTH(value))
                    FROM sync_values v WHERE v.account_id = sync_account_seqs.account_id), 0),
    log_bytes =
        COALESCE((SELECT SUM(OCTET_LENGTH(body))
                  FROM sync_updates u WHERE u.account_id = sync_account_seqs.account_id), 0);
