-- What the account is called where voices are: made when it is first needed, or by the server it came from.
ALTER TABLE sync_accounts ADD COLUMN voice_name TEXT;
