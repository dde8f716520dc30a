//! Record keys that no two records share (spec/registry.md §3.1).

use atproto::{Did, RecordKey};
use data_encoding::BASE32_NOPAD;
use oci::{Digest, Tag};

/// Characters of a hash that are enough to tell a name from all others of one owner.
const SHORT: usize = 8;

/// The keys under which a manifest is put, in the order of preference: the second if another repository of the owner has the
/// first.
pub(crate) fn manifest_rkeys(repository: &str, digest: &Digest) -> [RecordKey; 2] {
    let hex = digest.to_hex();
    let mut hash = hash(repository);
    hash.truncate(SHORT);
    [key(&hex), key(&format!("{hex}.{hash}"))]
}

/// The keys under which a tag is put, in the order of preference: the second if another pair of repository and tag has the first,
/// or if the first is none. Both parts may have the character that joins them.
pub(crate) fn tag_rkeys(repository: &str, tag: &Tag) -> [RecordKey; 2] {
    let mut hash = hash(&format!("{repository}\n{tag}"));
    hash.truncate(26);
    let plain = format!("{}_{tag}", repository.replace('/', "~"));
    let second = key(&hash);
    match RecordKey::parse(&plain) {
        Ok(plain) => [plain, second],
        Err(_) => [second.clone(), second],
    }
}

/// The key of what an owner writes about a repository, in place of whose slashes, which no key has, others stand.
pub(crate) fn page_rkey(repository: &str) -> RecordKey {
    key(&repository.replace('/', "~"))
}

/// The key of somebody's star for a repository: who gives it twice has given one.
pub(crate) fn star_rkey(owner: &Did, repository: &str) -> RecordKey {
    let mut hash = hash(&format!("{owner}\n{repository}"));
    hash.truncate(26);
    key(&hash)
}

fn hash(text: &str) -> String {
    let digest = Digest::of(oci::Algorithm::Sha256, text.as_bytes());
    BASE32_NOPAD.encode(digest.as_bytes()).to_ascii_lowercase()
}

fn key(text: &str) -> RecordKey {
    RecordKey::parse(text).unwrap_or_else(|error| unreachable!("{text} is a record key: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    #[test]
    fn say_what_they_are_of() {
        let digest = Digest::of(oci::Algorithm::Sha256, b"");
        let [plain, apart] = manifest_rkeys("app", &digest);
        assert_eq!(plain.as_str(), digest.to_hex());
        assert!(apart.as_str().starts_with(plain.as_str()));
        assert_eq!(tag_rkeys("team/app", &tag("v1"))[0].as_str(), "team~app_v1");
    }

    #[test]
    fn the_second_is_of_one_only() {
        let [one, other] = [tag_rkeys("a_b", &tag("c")), tag_rkeys("a", &tag("b_c"))];
        assert_eq!(one[0], other[0]);
        assert_ne!(one[1], other[1]);
        let digest = Digest::of(oci::Algorithm::Sha512, b"");
        assert_ne!(manifest_rkeys("a", &digest)[1], manifest_rkeys("b", &digest)[1]);
    }

    #[test]
    fn long_names_have_one_too() {
        let (repository, long) = ("a".repeat(255), tag(&"t".repeat(128)));
        for key in tag_rkeys(&repository, &long)
            .iter()
            .chain(&manifest_rkeys(&repository, &Digest::of(oci::Algorithm::Sha512, b"")))
        {
            assert!(key.as_str().len() <= 512);
        }
    }
}
