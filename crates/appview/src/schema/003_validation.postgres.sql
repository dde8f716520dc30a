-- Record lexicons: what becomes of records that are not what the lexicon says. flag, reject; NULL: nothing, it is off.
ALTER TABLE appview_lexicons ADD COLUMN validation TEXT;
