//! Every setting there is. Flags, variables, file keys, help texts and the reference are made from this table.

mod accounts;
mod data;
mod history;
mod jobs;
mod logs;
mod network;
mod relay;
mod server;

use super::setting::{Group, Kind, Setting};

pub(crate) use accounts::{
    ATTESTATION_KEY_ID, ATTESTATION_PRIVATE_KEY, ATTESTATION_SIG_TYPE, DEFAULT_RATE_LIMIT_CAPACITY,
    DEFAULT_RATE_LIMIT_REFILL_RATE, EVENT_LOG_RETENTION_DAYS, MASTER_SECRET, TOKEN_ENCRYPTION_KEY,
};
pub(crate) use data::{CONFIG, DATA_DIR, DATABASE_URL, S3_URL};
pub(crate) use history::{
    BACKFILL_MODE, BACKFILL_REPAIR_GAPS, BACKFILL_TIMEOUT_SECONDS, BACKFILL_VERIFIED, JETSTREAM_ARCHIVE,
    TIME_SCALE,
};
pub(crate) use jobs::{JOB_RETENTION_DAYS, JOB_WORKER_CONCURRENCY};
pub(crate) use logs::{LOG, LOG_FORMAT};
pub(crate) use network::{
    DEV, DNS_SERVER, JETSTREAM_COMPRESS, JETSTREAM_URL, PLC_URL, RELAY_URL, SCRIPT_HTTP_HOSTS, USER_AGENT,
};
pub(crate) use relay::{
    ELEVENLABS_API_KEY, ELEVENLABS_URL, REVENUECAT_API_KEY, REVENUECAT_PROJECT, REVENUECAT_URL,
    SYNC_WEB_CONFIG, SYNC_WEB_DIR,
};
pub(crate) use relay::{
    GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GITHUB_REDIRECT_URL, GITHUB_URL, GITHUB_WEBHOOK_SECRET, PUSH_URL,
    WEBAPP_URL,
};
pub(crate) use server::{
    APPS, BASE_PATH, CACHE_URL, DATABASE_MAX_CONNECTIONS, HOST, METRICS_HOST, METRICS_PORT, PORT, PUBLIC_URL,
    SCRIPTS_DIR, TRUSTED_PROXIES,
};

/// A setting without surprises; each entry says what differs.
const TEXT: Setting = Setting {
    key: "",
    flag: "",
    variables: &[],
    placeholder: "",
    kind: Kind::Text,
    default: "",
    otherwise: "",
    group: Group::Server,
    help: "",
};

/// The whole table, in the order of the reference.
pub(crate) const ALL: [&Setting; 55] = [
    &DATA_DIR,
    &CONFIG,
    &DATABASE_URL,
    &DATABASE_MAX_CONNECTIONS,
    &DEV,
    &PLC_URL,
    &JETSTREAM_URL,
    &JETSTREAM_COMPRESS,
    &RELAY_URL,
    &DNS_SERVER,
    &USER_AGENT,
    &SCRIPT_HTTP_HOSTS,
    &APPS,
    &HOST,
    &PORT,
    &PUBLIC_URL,
    &BASE_PATH,
    &TRUSTED_PROXIES,
    &MASTER_SECRET,
    &TOKEN_ENCRYPTION_KEY,
    &ATTESTATION_PRIVATE_KEY,
    &ATTESTATION_KEY_ID,
    &ATTESTATION_SIG_TYPE,
    &DEFAULT_RATE_LIMIT_CAPACITY,
    &DEFAULT_RATE_LIMIT_REFILL_RATE,
    &EVENT_LOG_RETENTION_DAYS,
    &BACKFILL_MODE,
    &BACKFILL_VERIFIED,
    &BACKFILL_REPAIR_GAPS,
    &BACKFILL_TIMEOUT_SECONDS,
    &JETSTREAM_ARCHIVE,
    &JOB_WORKER_CONCURRENCY,
    &JOB_RETENTION_DAYS,
    &TIME_SCALE,
    &SCRIPTS_DIR,
    &METRICS_HOST,
    &METRICS_PORT,
    &CACHE_URL,
    &S3_URL,
    &PUSH_URL,
    &WEBAPP_URL,
    &GITHUB_CLIENT_ID,
    &GITHUB_CLIENT_SECRET,
    &GITHUB_REDIRECT_URL,
    &GITHUB_WEBHOOK_SECRET,
    &GITHUB_URL,
    &ELEVENLABS_API_KEY,
    &ELEVENLABS_URL,
    &REVENUECAT_API_KEY,
    &REVENUECAT_PROJECT,
    &REVENUECAT_URL,
    &SYNC_WEB_DIR,
    &SYNC_WEB_CONFIG,
    &LOG,
    &LOG_FORMAT,
];
