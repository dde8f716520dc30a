//! How a network is to be.

use std::path::PathBuf;

/// The options of [`Network::start`](super::Network::start). The default: one PDS, nobody on it.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// Number of PDSes; accounts are spread over them in turn.
    pub pds: usize,
    /// Decides keys and content: the same seed makes the same records.
    pub seed: String,
    /// Accounts to begin with, `user0000.test` and so on.
    pub accounts: usize,
    /// Records of each collection in each of these accounts.
    pub records: usize,
    /// Collections of these records.
    pub collections: Vec<String>,
    /// Publish the example lexicons, as the account `lexicons.test`.
    pub lexicons: bool,
    /// Switch on the PDS's own rate limits.
    pub rate_limits: bool,
    /// The PDS fetches `https://HOST/…` from this URL: for confidential OAuth clients.
    pub hosts: Vec<(String, String)>,
    /// Keep everything in this folder, to start again from it; otherwise in memory.
    pub data_dir: Option<PathBuf>,
    /// Events that the stream keeps for replay, give or take a tenth; `None`: practically all.
    pub retain: Option<u32>,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            pds: 1,
            seed: "testkit".into(),
            accounts: 0,
            records: 0,
            collections: vec!["com.example.demo.note".into()],
            lexicons: false,
            rate_limits: false,
            hosts: Vec::new(),
            data_dir: None,
            retain: None,
        }
    }
}

impl NetworkOptions {
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
        option("--base-port", "0".into());
        option("--pds", self.pds.to_string());
        option("--seed", self.seed.clone());
        option("--accounts", self.accounts.to_string());
        option("--records", self.records.to_string());
        option("--collection", self.collections.join(","));
        for (host, url) in &self.hosts {
            option("--map", format!("{host}={url}"));
        }
        if let Some(dir) = &self.data_dir {
            option("--data-dir", dir.display().to_string());
        }
        if let Some(events) = self.retain {
            option("--retain", events.to_string());
        }
        // Switches come last: what follows one would be taken for its value.
        arguments.push("--exit-with-parent".into());
        arguments.extend(self.rate_limits.then(|| "--rate-limits".to_owned()));
        arguments.extend(self.lexicons.then(|| "--lexicons".to_owned()));
        arguments
    }
}
