-- In whose hold a blob lies; without one in our own.
ALTER TABLE registry_links ADD COLUMN hold TEXT;
