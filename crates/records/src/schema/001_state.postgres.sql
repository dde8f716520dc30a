-- Tier: state. What was decided here about records of others; a rebuilt index obeys it again.

CREATE TABLE local_decisions (
    uri        TEXT   PRIMARY KEY,
    decision   TEXT   NOT NULL,
    rev        BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by TEXT   NOT NULL
);
