//! What the fuzz targets check, on arbitrary and on slightly broken input, and ranges against a naive model.

use oci::{ByteRange, fuzzing};
use proptest::prelude::*;

/// Well-formed input of every parser, to be broken.
const SEEDS: [&str; 9] = [
    "/v2/did:web:localhost%253A80/app/blobs/sha256%3Ae3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "/v2/alice.example.com/team/app/blobs/uploads/0192f0c1-7a3b-7def-8123-456789abcdef",
    "/v2/did-web-example.com/app__x/manifests/v1.0",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "bytes=500-1499",
    "500-1499",
    "repository(plugin):did:plc:abc/app:pull,push,* registry:catalog:*",
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"a/b","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[{"mediaType":"a/b","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","urls":["x"]}],"annotations":{"a":"b"}}"#,
    r#"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","platform":{"os":"linux","architecture":"amd64"}}],"subject":null}"#,
];

fn check(input: &[u8]) {
    for target in [fuzzing::route, fuzzing::digest, fuzzing::range, fuzzing::manifest, fuzzing::scope] {
        target(input);
    }
}

#[test]
fn seeds_hold() {
    for seed in SEEDS {
        check(seed.as_bytes());
    }
}

proptest! {
    #[test]
    fn any_bytes_hold(input in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&input);
    }

    #[test]
    fn any_text_holds(input in "\\PC{0,60}") {
        check(input.as_bytes());
    }

    #[test]
    fn slightly_broken_input_holds(
        seed in prop::sample::select(&SEEDS),
        breaks in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..3),
    ) {
        let mut input = seed.as_bytes().to_vec();
        for (at, byte, how) in breaks {
            let at = at.index(input.len());
            match how {
                0 => input[at] = byte,
                1 => input.insert(at, byte),
                _ => { input.remove(at); }
            }
        }
        check(&input);
    }

    #[test]
    fn names_of_the_grammar_come_back(name in "[a-z0-9]{1,4}((\\.|_|__|-{1,3})[a-z0-9]{1,3}){0,2}(/[a-z0-9]{1,4}((\\.|_|__|-{1,3})[a-z0-9]{1,3}){0,2}){1,3}") {
        let parsed = oci::RepositoryName::parse(&name).unwrap();
        prop_assert_eq!(parsed.as_str(), &name);
        fuzzing::route(format!("/v2/{name}/tags/list").as_bytes());
    }

    #[test]
    fn ranges_are_what_a_list_of_positions_says(first in 0..12_u64, last in 0..12_u64, size in 0..10_u64) {
        let positions = |wanted: &dyn Fn(u64) -> bool| (0..size).filter(|&at| wanted(at)).collect::<Vec<_>>();
        let suffix = positions(&|at| at + last >= size);
        for (header, expected) in [
            (format!("bytes={first}-{last}"), positions(&|at| first <= at && at <= last)),
            (format!("bytes={first}-"), positions(&|at| first <= at)),
            (format!("bytes=-{last}"), suffix),
        ] {
            let range = ByteRange::parse(Some(&header), size);
            let got = match range {
                ByteRange::Full => (0..size).collect(),
                ByteRange::Partial { first, last } => (first..=last).collect(),
                ByteRange::Unsatisfiable => Vec::new(),
            };
            prop_assert_eq!(&got, &expected, "{} of {}: {:?}", header, size, range);
            prop_assert_eq!(got.len() as u64, range.body_length(size));
        }
    }
}
