//! What the fuzz targets check, on arbitrary and on slightly broken input, and signatures on arbitrary requests.

use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use activitypub::fuzzing;
use activitypub::signature::{Form, KeyId, KeyType, PrivateKey, Request, Signed, Signer, Terms, Window};
use activitypub::text::{sanitize, scan, to_plain};
use http::{HeaderMap, Method};
use proptest::prelude::*;
use url::Url;

/// Well-formed input of every parser, to be broken.
const SEEDS: [&str; 12] = [
    "keyId=\"https://a.example/u#k\",algorithm=\"hs2019\",headers=\"(request-target) host (created) digest\",created=1767323045,expires=1767323046,signature=\"AAAA\"\n\n\nSHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=",
    "s=:AAAA:\ns=(\"@method\" \"@target-uri\" \"content-digest\");created=1767323045;keyid=\"https://a.example/u#k\";alg=\"ed25519\";tag=\"activitypub\"\n\n\nsha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----",
    "https://bücher.example:443/users/./bob?x#main-key",
    "acct:Alice@bücher.example:8080",
    "<XRD><Link rel='lrdd' template='https://a.example/?r={uri}&amp;x'/></XRD>",
    r#"{"subject":"acct:a@a.example","links":[{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://a.example/u"}]}"#,
    r##"{"@context":["https://www.w3.org/ns/activitystreams",{"toot":"x"}],"id":"https://a.example/1","type":"Create","actor":"https://a.example/u","to":["as:Public"],"object":{"id":"https://a.example/n","type":"Note","attributedTo":"https://a.example/u","contentMap":{"en":"<p>x</p>"},"tag":{"type":"Hashtag","name":"#A"},"attachment":[{"type":"Image","url":"https://a.example/i"}]}}"##,
    r#"{"id":"https://a.example/u","type":["as:Person"],"inbox":"https://a.example/u/inbox","publicKey":{"id":"https://a.example/u#k","owner":"https://a.example/u","publicKeyPem":"x"},"attachment":{"type":"PropertyValue","name":"a","value":"b"}}"#,
    r#"{"type":"CollectionPage","items":[{"id":"https://a.example/1"},"https://a.example/2"],"totalItems":2,"next":{"id":"https://a.example/3"}}"#,
    "Hi @bob@b.example:80, #tag https://a.example/(x). <h1 class='mention'><a href='//x'>y</a><!-- -->&amp;lt;",
];

fn check(input: &[u8]) {
    for target in [fuzzing::signature, fuzzing::key, fuzzing::names, fuzzing::document, fuzzing::text] {
        target(input);
    }
}

static KEYS: LazyLock<[PrivateKey; 2]> = LazyLock::new(|| {
    [KeyType::Ed25519, KeyType::Rsa].map(|key_type| PrivateKey::generate(key_type).unwrap())
});

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
    fn any_text_holds(input in "\\PC{0,80}") {
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

    #[test]
    fn odd_html_is_harmless(html in prop::collection::vec(prop::sample::select(&[
        "<", ">", "</", "a", " href=", "\"", "'", "javascript:", "http://x", "script", "style", "h1", "p", "span", " class=", "mention",
        " onclick=", "&lt;", "&#", ";", "<!--", "-->", "<![CDATA[", "svg", "math", "template", "/", " ", "br", "pre", "\n",
    ][..]), 0..40)) {
        let html = html.concat();
        fuzzing::text(html.as_bytes());
        let clean = sanitize(&html);
        prop_assert_eq!(sanitize(&clean), clean);
    }

    #[test]
    fn signed_requests_verify_and_changed_ones_do_not(
        path in "/[a-z0-9/%.]{0,20}(\\?[a-z=&]{0,9})?", body in prop::collection::vec(any::<u8>(), 0..60), post in any::<bool>(),
        draft in any::<bool>(), key in 0..2_usize, flip in any::<prop::sample::Index>(),
    ) {
        let url = Url::parse(&format!("https://a.example{path}")).unwrap();
        let now = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
        let (key, form) = (&KEYS[key], if draft { Form::Draft } else { Form::Message });
        let (method, body) = if post { (Method::POST, Some(&body[..])) } else { (Method::GET, None) };
        let id = KeyId::parse("https://b.example/u#main-key").unwrap();
        let mut headers = HeaderMap::new();
        Signer { key_id: &id, key, form, with_query: true }.sign(&method, &url, &mut headers, body, now).unwrap();
        let public = key.public_key().unwrap();
        let verified = |headers: &HeaderMap, body: &[u8]| {
            let terms = Terms { now, window: Window::default(), body };
            Signed::read(&Request::to(&method, &url, headers), &terms).and_then(|signed| signed.verify(&public))
        };
        prop_assert_eq!(verified(&headers, body.unwrap_or_default()), Ok(()));
        if let Some(body) = body.filter(|body| !body.is_empty()) {
            let mut changed = body.to_vec();
            changed[flip.index(body.len())] ^= 1;
            prop_assert!(verified(&headers, &changed).is_err());
        }
    }

    #[test]
    fn pieces_are_the_text_and_html_reads_as_it(text in "[a-zA-Z0-9@#.:/ ö&<>'\"]{0,60}") {
        let html = activitypub::text::render(&text, &[]);
        let expected: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(to_plain(&sanitize(&html)), expected.join("\n"));
        prop_assert!(!scan(&text).is_empty() || text.is_empty());
    }
}
