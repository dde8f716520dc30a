//! What owners want of every registry (spec/registry.md §3.1, §4.4): where the blobs of their images go, and when manifests do.
//!
//! A profile is a record of its owner's, so it is read from the index, or from their host when it is not known here. While nobody can say
//! whether there is one, nothing is pushed: an image must not go where its owner does not want it.

mod remembered;

use std::time::Instant;

use atproto::{Did, RecordKey};
use identity::Local;
use readthrough::{Asker, How, Policy, ReadThrough};
use records::{ListQuery, Records};
use repos::Directory;
use tokio::sync::watch::Receiver;

use crate::lexicon::{self, Profile};
use crate::load::unknowable;
use crate::refusal::Refusal;
use remembered::Remembered;

/// Older records in place of a profile that are looked at, at most. Only one ever counted.
const LEGACY: u32 = 10;

/// Finds profiles. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Profiles {
    records: Records,
    readthrough: ReadThrough,
    directory: Directory,
    /// Which change of the index was the last.
    committed: Receiver<i64>,
    remembered: Remembered,
}

impl Profiles {
    pub(crate) fn new(records: Records, readthrough: ReadThrough, directory: Directory) -> Self {
        let (committed, remembered) = (records.committed(), Remembered::default());
        Self { records, readthrough, directory, committed, remembered }
    }

    /// What an owner has said, to be shown to them: what makes no sense is nothing. The question is paid for by `asker`.
    pub(crate) async fn shown(&self, owner: &Did, asker: Asker<'_>) -> Result<Profile, Refusal> {
        Ok(self.read(owner, asker).await?.unwrap_or_default())
    }

    /// The profile of an owner; of who has none, what holds for everybody. The question is paid for by `asker`.
    pub(crate) async fn of(&self, owner: &Did, asker: Asker<'_>) -> Result<Profile, Refusal> {
        // Before it is read: what changes while it is read is read next time.
        let (committed, now) = (*self.committed.borrow(), Instant::now());
        if let Some(profile) = self.remembered.get(owner, committed, now) {
            return Ok(profile);
        }
        let profile = self.read(owner, asker).await?.ok_or_else(unreadable)?;
        self.remembered.keep(owner, committed, now, &profile);
        Ok(profile)
    }

    /// `None` if the record makes no sense.
    async fn read(&self, owner: &Did, asker: Asker<'_>) -> Result<Option<Profile>, Refusal> {
        let (collection, own) = (lexicon::profile_collection(), own_key());
        // Whatever is at home here is in the index.
        let is_hosted = self.directory.by_did(owner).is_some();
        let record = if is_hosted {
            self.records.get(owner, &collection, &own).await?
        } else {
            let answer = self.readthrough.record(owner, &collection, &own, || Policy::Get, asker).await?;
            known(answer.how, answer.record.is_some())?;
            answer.record
        };
        let Some(profile) = record.map_or(Some(Profile::default()), |record| Profile::parse(&record.json))
        else {
            return Ok(None);
        };
        // Clients that wrote anything else are older than accounts that are at home on a registry.
        if profile.says_hold || is_hosted {
            return Ok(Some(profile));
        }
        let auto_remove_untagged = profile.auto_remove_untagged;
        Ok(Some(Profile { auto_remove_untagged, ..self.legacy(owner, asker).await? }))
    }

    /// What was said of holds before there were profiles.
    async fn legacy(&self, owner: &Did, asker: Asker<'_>) -> Result<Profile, Refusal> {
        let collection = lexicon::legacy_hold_collection();
        known(self.readthrough.list(owner, &collection, Policy::GetAndList, asker).await?, false)?;
        let query = ListQuery { collection, did: Some(owner.clone()), limit: LEGACY, after: None };
        let page = self.records.list(query).await?;
        let found = page.records.iter().find_map(|record| Profile::parse_legacy(&record.json));
        Ok(found.unwrap_or_default())
    }
}

/// Refuses while nobody can say whether there is a profile.
fn known(how: How, is_here: bool) -> Result<(), Refusal> {
    match how {
        How::Unavailable { .. } | How::OverBudget if !is_here => Err(unknowable()),
        _ => Ok(()),
    }
}

fn unreadable() -> Refusal {
    let text = "the profile of the owner (io.atcr.sailor.profile) names a hold that is none: correct its defaultHold";
    oci::Error::new(oci::ErrorCode::Denied, text).into()
}

/// The key of a profile, of which there is one.
pub(crate) fn own_key() -> RecordKey {
    RecordKey::parse("self").unwrap_or_else(|error| unreachable!("self is a record key: {error}"))
}
