-- Tier: state. What jobs of scripts need besides.

-- How often its worker died while it ran, since it was made or last told to begin again.
ALTER TABLE appview_jobs ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
-- With which session of its creator it acts, if it is to act with one: a row of pds_sessions, which may be gone.
ALTER TABLE appview_jobs ADD COLUMN session_id TEXT;
CREATE INDEX appview_jobs_open ON appview_jobs (created_by) WHERE completed_at IS NULL;
CREATE INDEX appview_jobs_of_type ON appview_jobs (job_type, id);
