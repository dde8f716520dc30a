//! The records of the registry (spec/registry.md §3.1), as they are written and as they are believed when others wrote them.
//!
//! Readers go by the fields of a record and never by its key: keys are made so that two records do not share one, and other
//! registries make theirs in other ways.

mod manifest;
mod page;
mod profile;
mod push;
mod rkey;
mod star;
mod tag;

use atproto::Nsid;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(crate) use manifest::{ManifestRecord, Part, blob_of, manifest_record};
pub(crate) use page::{Avatar, PageRecord, page_record};
pub(crate) use profile::{Profile, changed_profile};
pub(crate) use push::{Kind, PushRecord};
pub(crate) use rkey::{manifest_rkeys, page_rkey, star_rkey, tag_rkeys};
pub(crate) use star::{StarRecord, star_record};
pub(crate) use tag::{TagRecord, tag_record};

/// The collection of manifests.
pub(crate) fn manifest_collection() -> Nsid {
    nsid("io.atcr.manifest")
}

/// The collection of tags.
pub(crate) fn tag_collection() -> Nsid {
    nsid("io.atcr.tag")
}

/// The collection of what owners write about repositories.
pub(crate) fn page_collection() -> Nsid {
    nsid("io.atcr.repo.page")
}

/// The collection of stars.
pub(crate) fn star_collection() -> Nsid {
    nsid("io.atcr.sailor.star")
}

/// The collection of profiles, of which everybody has at most one.
pub(crate) fn profile_collection() -> Nsid {
    nsid("io.atcr.sailor.profile")
}

/// The collection in which older clients said where blobs go.
pub(crate) fn legacy_hold_collection() -> Nsid {
    nsid("io.atcr.hold")
}

/// All collections that the registry reads.
pub(crate) fn collections() -> Vec<Nsid> {
    vec![
        manifest_collection(),
        tag_collection(),
        page_collection(),
        profile_collection(),
        star_collection(),
        legacy_hold_collection(),
    ]
}

/// When a record says that it was made, in microseconds; what it cannot be, as the past and the future have it, is 0 or now.
fn moment(text: Option<&str>) -> i64 {
    let parsed = text.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    let micros = parsed.map_or(0, |time| time.unix_timestamp_nanos() / 1000);
    i64::try_from(micros).unwrap_or(0).clamp(0, clock::now_micros())
}

/// A text as both databases take it, of at most so many bytes; nothing is as good as an empty one.
fn text(text: &str, most: usize) -> Option<String> {
    let mut kept = text.replace('\0', "");
    kept.truncate(kept.floor_char_boundary(most));
    (!kept.trim().is_empty()).then_some(kept)
}

fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap_or_else(|error| unreachable!("{text} is an NSID: {error}"))
}

/// Bytes of the name of a repository in a record.
const MAX_REPOSITORY: usize = 255;

/// The name of a repository in a record, if one may be called so.
fn repository(text: &str) -> Option<&str> {
    let fits = !text.is_empty() && text.len() <= MAX_REPOSITORY;
    let name = oci::RepositoryName::parse(&format!("a/{text}"));
    (fits && name.is_ok()).then_some(text)
}
