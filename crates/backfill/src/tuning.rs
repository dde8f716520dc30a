//! How much is done at once.

/// How much is done at once, in all jobs of an instance together. Asked for again and again: a change counts at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Hosts that are read from at the same time.
    pub concurrent_hosts: u32,
    /// Repositories of one host that are read at the same time.
    pub concurrent_repos_per_host: u32,
    /// DIDs of one job that are resolved at the same time.
    pub concurrent_resolution: u32,
    /// Days for which the repositories of a finished job are remembered; 0: for ever.
    pub retention_days: u32,
}

impl Default for Tuning {
    /// Those of spec/appview.md §6.5.
    fn default() -> Self {
        Self {
            concurrent_hosts: 10,
            concurrent_repos_per_host: 3,
            concurrent_resolution: 100,
            retention_days: 28,
        }
    }
}
