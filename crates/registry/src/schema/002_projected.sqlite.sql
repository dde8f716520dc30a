-- Which version of the rules made the rows of records that are here. While there is no row, some may have been here before the rules.
CREATE TABLE registry_projected (
    version INTEGER PRIMARY KEY
) STRICT;
