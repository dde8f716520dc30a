-- Tier: state. See 002_scripts.sqlite.sql for the comments.

ALTER TABLE appview_jobs ADD COLUMN crashes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appview_jobs ADD COLUMN session_id TEXT;
CREATE INDEX appview_jobs_open ON appview_jobs (created_by) WHERE completed_at IS NULL;
CREATE INDEX appview_jobs_of_type ON appview_jobs (job_type, id);
