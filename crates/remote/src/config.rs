//! Settings of reading from others.

use std::time::Duration;

/// Settings of reading from others; [`Default`] is fit for production.
#[derive(Clone, Debug)]
pub struct RemoteConfig {
    /// Largest repository that is fetched as a whole, in bytes of its CAR file.
    pub max_export_bytes: usize,
    /// Bytes of all whole repositories that may be in memory at the same time; at least one always fits.
    pub total_export_bytes: usize,
    /// Time for fetching a whole repository.
    pub export_timeout: Duration,
    /// Time for every other request.
    pub request_timeout: Duration,
    /// Most records that are read of one repository.
    pub max_records: u64,
    /// Whether a host that cannot prove a record is asked for it without proof.
    pub unproven_records: bool,
    /// Number of hosts whose speed and limits are remembered.
    pub max_hosts: usize,
}

impl Default for RemoteConfig {
    fn default() -> Self {
        Self {
            max_export_bytes: 128 << 20,
            total_export_bytes: 256 << 20,
            export_timeout: Duration::from_mins(5),
            request_timeout: Duration::from_secs(30),
            max_records: 10_000_000,
            unproven_records: true,
            max_hosts: 10_000,
        }
    }
}
