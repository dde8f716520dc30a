//! How background jobs are run.

use super::TEXT;
use crate::config::setting::Setting;

pub(crate) const JOB_WORKER_CONCURRENCY: Setting = Setting {
    key: "job_worker_concurrency",
    flag: "job-worker-concurrency",
    variables: &["JOB_WORKER_CONCURRENCY"],
    placeholder: "N",
    default: "1",
    help: "Background jobs that this server runs at the same time, from 1 to 32; each has up to 64 MiB.",
    ..TEXT
};

pub(crate) const JOB_RETENTION_DAYS: Setting = Setting {
    key: "job_retention_days",
    flag: "job-retention-days",
    variables: &["JOB_RETENTION_DAYS"],
    placeholder: "DAYS",
    default: "28",
    help: "How long background jobs are kept that have ended, with their logs; 0 is for ever, of the newest 100000.",
    ..TEXT
};
