//! What the fuzz targets check, on arbitrary and on slightly broken input.

use mastodon::fuzzing;
use proptest::prelude::*;

/// Well-formed input of every parser, to be broken.
const SEEDS: [&str; 7] = [
    "status=hi&sensitive=1&media_ids[]=1&media_ids[]=2&source[privacy]=unlisted&fields_attributes[0][name]=a&limit=3",
    r#"{"status":"hi","sensitive":true,"media_ids":["1",2,null],"source":{"privacy":{"a":{"b":{"c":1}}}},"fields_attributes":[{"name":"a"}]}"#,
    "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n\0\0\r\n--x--\r\n",
    "max_id=110000000000000001&limit=40&local=true&types[]=mention&q=%C3%BC%20%3E%22",
    "min_id=-1&since_id=9223372036854775807&limit=-9",
    "read write:statuses follow push",
    "profile+read  admin:read",
];

fn check(input: &[u8]) {
    for target in [fuzzing::fields, fuzzing::paging, fuzzing::scopes] {
        target(input);
    }
}

#[test]
fn seeds_hold() {
    for seed in SEEDS {
        check(seed.as_bytes());
    }
}

#[test]
fn there_are_only_so_many_parameters() {
    check("a=b&".repeat(5_000).as_bytes());
    check(format!("{{\"a\":[{}1]}}", "1,".repeat(5_000)).as_bytes());
    check(format!("{{\"a\":{}{}}}", "[".repeat(120), "]".repeat(120)).as_bytes());
    let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
    check(format!("{}--x--\r\n", part.repeat(1_500)).as_bytes());
}

proptest! {
    #[test]
    fn any_bytes_hold(input in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&input);
    }

    #[test]
    fn any_text_holds(input in "\\PC{0,80}") {
        check(input.as_bytes());
    }

    #[test]
    fn any_query_holds(input in "([a-z_]{1,8}(\\[[a-z0-9]{0,3}\\])?=[a-z0-9%+<>,;-]{0,9}&){0,9}(max_id|min_id|since_id|limit)=-?[0-9]{0,20}") {
        check(input.as_bytes());
    }

    #[test]
    fn broken_seeds_hold(
        seed in prop::sample::select(&SEEDS[..]), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut input = seed.as_bytes().to_vec();
        let at = at.index(input.len());
        if cut { input.truncate(at); } else { input[at] = byte; }
        check(&input);
    }
}
