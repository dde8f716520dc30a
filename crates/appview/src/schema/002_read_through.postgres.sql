-- Record lexicons: off, get, get+list; NULL: the setting of the server.
ALTER TABLE appview_lexicons ADD COLUMN read_through TEXT;
