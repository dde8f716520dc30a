//! What records of a hold are called (spec/registry.md §3.2). Each name follows from its row, so writing a record again changes nothing.

use atproto::{Did, Tid};
use data_encoding::BASE32_NOPAD;
use oci::{Algorithm, Digest};

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collection {
    /// Somebody of the crew.
    Crew,
    /// A blob that an image needs.
    Layer,
    /// How often a repository is pulled and pushed.
    Stats,
}

impl Collection {
    /// The collection's NSID.
    #[must_use]
    pub fn nsid(self) -> &'static str {
        match self {
            Self::Crew => "io.atcr.hold.crew",
            Self::Layer => "io.atcr.hold.layer",
            Self::Stats => "io.atcr.hold.stats",
        }
    }

    pub(crate) fn named(nsid: &str) -> Option<Self> {
        [Self::Crew, Self::Layer, Self::Stats].into_iter().find(|collection| collection.nsid() == nsid)
    }
}

/// The key of a member's record: the DID, with `~` for the one character of DIDs that keys do not have.
#[must_use]
pub fn crew_key(member: &Did) -> String {
    member.as_str().replace('%', "~")
}

/// The key of the record that counts for a repository.
#[must_use]
pub fn stats_key(owner: &Did, repository: &str) -> String {
    let hash = Digest::of(Algorithm::Sha256, format!("{owner}/{repository}").as_bytes());
    BASE32_NOPAD.encode(&hash.as_bytes()[..16]).to_ascii_lowercase()
}

/// The key of a layer's record: about when it came, and otherwise what tells it from the others that came then.
pub(crate) fn layer_key(row: [&str; 4], created_at: i64) -> String {
    /// About a minute, in microseconds.
    const SPREAD: u64 = 1 << 26;
    let hash = Digest::of(Algorithm::Sha256, row.join("\n").as_bytes());
    let number = hash.as_bytes()[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let clock = u16::try_from(number % 1024).unwrap_or_default();
    let moment = created_at.max(0) + (number >> 10 & (SPREAD - 1)).cast_signed();
    Tid::new(moment, clock).or_else(|| Tid::new(0, clock)).map(|tid| tid.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use atproto::RecordKey;

    use super::*;

    #[test]
    fn are_keys_and_each_its_own() {
        let did = |text: &str| Did::parse(text).unwrap();
        assert_eq!(crew_key(&did("did:web:localhost%3A3000")), "did:web:localhost~3A3000");
        let mut keys = HashSet::new();
        for number in 0..2000 {
            let layer = ["did:web:alice.test", "app", "sha256:m", &format!("sha256:{number}")];
            keys.insert(layer_key(layer, 1_795_000_000_000_000));
            keys.insert(stats_key(&did("did:web:alice.test"), &number.to_string()));
        }
        assert_eq!(keys.len(), 4000);
        assert!(keys.iter().all(|key| RecordKey::parse(key).is_ok()));
        assert_eq!(stats_key(&did("did:plc:a"), "b"), stats_key(&did("did:plc:a"), "b"));
    }

    #[test]
    fn strange_times_have_keys_too() {
        for time in [i64::MIN, 0, i64::MAX >> 1] {
            assert!(RecordKey::parse(&layer_key(["a", "b", "c", "d"], time)).is_ok());
        }
    }
}
