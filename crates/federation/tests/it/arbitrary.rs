//! What the fuzz targets check, on arbitrary and on slightly broken input.

use federation::fuzzing;
use proptest::prelude::*;

/// Well-formed input of every parser, to be broken.
const SEEDS: [&str; 8] = [
    "https://a.example/users/9f0c",
    "http://127.0.0.1:8080/thoughts/9f0c#updates/1",
    "https://a.example/social/users/x/../y?z",
    "a.b.c.d.e.f.g.h.i.j.k.example:8080",
    "https://[::ffff:127.0.0.1]:1/users/x",
    "120",
    "Wed, 21 Oct 2026 07:28:00 GMT",
    "//b.example/x#y",
];

fn check(input: &[u8]) {
    for target in [fuzzing::name, fuzzing::retry_after, fuzzing::redirect] {
        target(input);
    }
}

#[test]
fn seeds_hold() {
    for seed in SEEDS {
        check(seed.as_bytes());
    }
    check(u64::MAX.to_string().as_bytes());
    check(format!("https://{}example/", "a.".repeat(900)).as_bytes());
}

proptest! {
    #[test]
    fn any_bytes_hold(input in prop::collection::vec(any::<u8>(), 0..100)) {
        check(&input);
    }

    #[test]
    fn any_text_holds(input in "\\PC{0,60}") {
        check(input.as_bytes());
    }

    #[test]
    fn any_address_holds(input in "(https?|HTTP)://([aA]\\.example|127\\.0\\.0\\.1|b@a\\.example)(:[0-9]{1,5})?(/social)?/(users|thoughts|x)(/[a-z0-9.%]{0,6}){0,3}[?#]?[a-z]{0,3}") {
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
