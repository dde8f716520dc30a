//! What must hold for any bytes of a source, for fuzzers; see `fuzz/README.md`.

use oci::Tag;

use crate::Challenge;
use crate::layout::entries;
use crate::registry::link;

/// The headers that say who is to be asked for a token, and where a list goes on: what is read in them is in them.
pub fn headers(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Some(Challenge::Bearer { realm, service, scope }) = Challenge::parse(text) {
        let is_there = |value: &str| value.len() <= text.len() && value.chars().all(|c| text.contains(c));
        assert!(is_there(&realm) && [service, scope].iter().flatten().all(|value| is_there(value)));
    }
    if let Some(target) = link::next(text) {
        assert!(text.contains(&format!("<{target}>")) && !target.contains('>'));
    }
    // Whatever stands before it.
    let before = text.replace(['"', '\\', '<', ','], "");
    let link = format!("<x>; title=\"{before}\"; rel=prev, <y>; rel=\"{} next\"", before.replace(';', ""));
    assert_eq!(link::next(&link), Some("y"), "{link}");
}

/// The list of a folder of images: as many as it names, each tag one that can be pushed.
pub fn layout(input: &[u8]) {
    let Ok(entries) = entries(input) else { return };
    let tree: serde_json::Value = serde_json::from_slice(input).unwrap_or_default();
    assert_eq!(tree["manifests"].as_array().map_or(0, Vec::len), entries.len());
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(tree["manifests"][at]["digest"], entry.digest.to_string());
        let tag = entry.tag.as_ref().map(ToString::to_string);
        assert!(tag.is_none_or(|tag| Tag::parse(&tag).is_ok()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_source_says(
            bytes in proptest::collection::vec(any::<u8>(), 0..120),
            text in ".{0,80}",
            link in r#"(<[a-z>,]{0,3}>[;, ]{0,2}(rel|title)=["a-z, ;\\]{0,8}[,;]?){0,4}"#,
            challenge in r#"Bearer ((realm|service)="?[a-z"\\,=]{0,6}"?,?){0,3}"#,
            name in r"[a-zA-Z0-9_./:-]{0,20}",
        ) {
            for input in [&bytes[..], text.as_bytes(), link.as_bytes(), challenge.as_bytes()] {
                super::headers(input);
            }
            let index = format!(
                r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{
                    "mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"sha256:{}",
                    "annotations":{{"org.opencontainers.image.ref.name":"{name}"}}}}]}}"#,
                "ab".repeat(32),
            );
            for input in [&bytes[..], text.as_bytes(), index.as_bytes()] {
                super::layout(input);
            }
            prop_assert_eq!(crate::layout::entries(index.as_bytes()).map(|entries| entries.len()), Ok(1));
        }
    }
}
