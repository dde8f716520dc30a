-- Dead letters that were resolved are kept for a while only.

CREATE INDEX appview_dead_letters_resolved ON appview_dead_letters (resolved_at) WHERE resolved_at IS NOT NULL;
