//! What became of all images.

use std::io::{self, Write};

use registry_client::Summary;
use serde::Serialize;

use crate::output::{Answer, size};

/// So many are printed for people.
const MAX_PRINTED: usize = 20;

/// The answer of the command.
#[derive(Serialize)]
pub(super) struct Report {
    source: String,
    to: String,
    repositories: u64,
    tags: Counts,
    manifests: Counts,
    layers: Counts,
    bytes: u64,
    mounted: u64,
    failed: u64,
    failures: Vec<Failed>,
}

#[derive(Serialize)]
struct Counts {
    copied: u64,
    already_there: u64,
}

#[derive(Serialize)]
struct Failed {
    item: String,
    reason: String,
}

impl Report {
    pub(super) fn new(source: &str, to: &str, summary: &Summary) -> Self {
        let counts = |copied, already_there| Counts { copied, already_there };
        let failures = summary.troubles.iter();
        Self {
            source: source.to_owned(),
            to: to.to_owned(),
            repositories: summary.repositories,
            tags: counts(summary.tags, summary.tags_there),
            manifests: counts(summary.manifests, summary.manifests_there),
            layers: counts(summary.blobs, summary.blobs_there),
            bytes: summary.bytes,
            mounted: summary.mounted,
            failed: summary.failed,
            failures: failures
                .map(|trouble| Failed { item: trouble.what.clone(), reason: trouble.why.clone() })
                .collect(),
        }
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let plain = |text: &str| text.replace(char::is_control, " ");
        writeln!(to, "Copied {} to {}: {} repositories.", plain(&self.source), self.to, self.repositories)?;
        for (what, Counts { copied, already_there }) in
            [("tags", &self.tags), ("manifests", &self.manifests), ("layers", &self.layers)]
        {
            writeln!(to, "{what}: {copied} copied, {already_there} were there")?;
        }
        writeln!(to, "{} of layers were sent, {} layers mounted", size(self.bytes), self.mounted)?;
        for Failed { item, reason } in self.failures.iter().take(MAX_PRINTED) {
            writeln!(to, "failed: {}: {}", plain(item), plain(reason))?;
        }
        if self.failed > MAX_PRINTED as u64 {
            writeln!(to, "failed: and {} more; --json lists them", self.failed - MAX_PRINTED as u64)?;
        }
        Ok(())
    }
}
