//! What a hold has counted (spec/registry.md §3.3, §4.8).

use std::time::Duration;

use atproto::Did;
use hold::Stats;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::call::Call;
use super::{HoldError, Holds, RemoteHold};
use crate::Repository;

/// How long a hold may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Pages of one owner's repositories that are read.
const PAGES: usize = 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Counted {
    repository: String,
    pull_count: u64,
    push_count: u64,
    last_pull: Option<String>,
    last_push: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    stats: Vec<Counted>,
    #[serde(default)]
    cursor: Option<String>,
}

impl Counted {
    fn stats(&self) -> Stats {
        Stats {
            pulls: self.pull_count,
            pushes: self.push_count,
            last_pull: self.last_pull.as_deref().and_then(micros),
            last_push: self.last_push.as_deref().and_then(micros),
        }
    }
}

impl Holds {
    /// What a hold has counted of a repository.
    pub(crate) async fn stats(&self, hold: &RemoteHold, repository: &Repository) -> Result<Stats, HoldError> {
        let query = [("did", repository.owner.as_str()), ("repo", &repository.name)];
        let call =
            Call::get(&hold.did, hold.method("io.atcr.hold.getStats")).query(&query).patience(PATIENCE);
        Ok(self.json::<Counted>(call).await?.stats())
    }

    /// What it has counted of all repositories of an owner.
    pub(crate) async fn list_stats(
        &self,
        hold: &RemoteHold,
        owner: &Did,
    ) -> Result<Vec<(String, Stats)>, HoldError> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let mut query = vec![("did", owner.as_str()), ("limit", "100")];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let call = Call::get(&hold.did, hold.method("io.atcr.hold.listStats")).query(&query);
            let page: Page = self.json(call.patience(PATIENCE)).await?;
            all.extend(page.stats.iter().map(|one| (one.repository.clone(), one.stats())));
            match page.cursor {
                Some(next) if cursor.as_ref() != Some(&next) => cursor = Some(next),
                _ => break,
            }
        }
        Ok(all)
    }
}

/// A time of a record, in microseconds.
fn micros(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos() / 1000).ok()
}
