//! The records of the registry (spec/registry.md §3.1), as they are written and as they are believed when others wrote them.
//!
//! Readers go by the fields of a record and never by its key: keys are made so that two records do not share one, and other
//! registries make theirs in other ways.

mod manifest;
mod profile;
mod rkey;
mod tag;

use atproto::Nsid;

pub(crate) use manifest::{ManifestRecord, Part, blob_of, manifest_record};
pub(crate) use profile::Profile;
pub(crate) use rkey::{manifest_rkeys, tag_rkeys};
pub(crate) use tag::{TagRecord, tag_record};

/// The collection of manifests.
pub(crate) fn manifest_collection() -> Nsid {
    nsid("io.atcr.manifest")
}

/// The collection of tags.
pub(crate) fn tag_collection() -> Nsid {
    nsid("io.atcr.tag")
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
    [
        "io.atcr.manifest",
        "io.atcr.tag",
        "io.atcr.repo.page",
        "io.atcr.sailor.profile",
        "io.atcr.sailor.star",
        "io.atcr.hold",
    ]
    .into_iter()
    .map(nsid)
    .collect()
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
