//! What must hold for any input whatsoever, one function per parser of foreign bytes; see `fuzz/README.md`.

#![expect(clippy::expect_used, reason = "every function here is a check")]

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::media_type::{self, negotiate};
use crate::nodeinfo::Software;
use crate::object::{Activity, Actor, Collection, Document, Note, Tombstone, timestamp};
use crate::signature::{PrivateKey, PublicKey, Request, Signed, Terms, Window};
use crate::text::{Segment, render, sanitize, scan, to_plain};
use crate::webfinger::{Handle, HostMeta, Jrd, Resource};
use crate::{Address, write};

/// Headers of strangers make no panic, and nothing that does not cover the request is let through to a key.
pub fn signature(input: &[u8]) {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045);
    let mut parts = input.split(|byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in ["signature", "signature-input", "date", "digest", "content-digest", "host"] {
        let value = parts.next().and_then(|part| HeaderValue::from_bytes(part).ok());
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    for (method, body) in [(Method::GET, &b""[..]), (Method::POST, b"{}")] {
        let request = Request {
            method: &method,
            scheme: "https",
            authority: "a.example",
            target: "/x?y",
            headers: &headers,
        };
        let terms = Terms { now, window: Window::default(), body };
        match Signed::read(&request, &terms) {
            Ok(signed) => assert!(Address::parse(&signed.key_id().to_string()).is_ok()),
            Err(error) => assert!((1..=1_000).contains(&error.to_string().len())),
        }
    }
}

/// A key that is read is the same when it is written and read again.
pub fn key(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let keys = [PublicKey::from_pem(text), PublicKey::from_multikey(text)];
    for key in keys.into_iter().flatten() {
        assert_eq!(PublicKey::from_multikey(&key.to_multikey()).as_ref(), Ok(&key));
        assert_eq!(PublicKey::from_pem(&key.to_pem().expect("it was read")).as_ref(), Ok(&key));
        assert!(!key.verify(input, input));
    }
    if let Ok(key) = PrivateKey::from_pem(text) {
        let signature = key.sign(input).expect("it signs");
        assert!(key.public_key().expect("it has one").verify(input, &signature));
    }
}

/// Names mean the same when they are written and read again.
pub fn names(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(address) = Address::parse(text) {
        assert_eq!(address.as_str(), text);
        assert_eq!(Address::parse(address.url().as_str()).as_ref(), Ok(&address));
        assert!(address.same_host(&address.without_fragment()) && !address.authority().is_empty());
    }
    if let Ok(handle) = Handle::parse(text) {
        assert_eq!(Handle::parse(&handle.to_string()).as_ref(), Ok(&handle));
        assert_eq!(Resource::parse(&handle.account()), Some(Resource::Handle(handle.clone())));
        assert!(Address::parse(&handle.query("https")).is_ok());
        if let Some(meta) = HostMeta::parse(text) {
            let _ = meta.query(&handle);
        }
    }
    let meta = HostMeta::of(text);
    if !text.contains(|c: char| c.is_control() || c.is_whitespace() || "\u{fffe}\u{ffff}".contains(c)) {
        assert_eq!(HostMeta::parse(&meta.to_xml()), Some(meta));
    }
    let _ = (HostMeta::parse(text), Software::parse(input), timestamp(text), negotiate(Some(text)));
    let _ = Jrd::parse(input).map(|jrd| (jrd.actor(), jrd.handle()));
    assert!(!media_type::is_activity(text) || media_type::is_inbox(text));
}

/// What is read of a document keeps to the bounds, whatever it is read as.
pub fn document(input: &[u8]) {
    let Ok(document) = Document::parse(input, Document::MAX_INBOX) else { return };
    let node = document.node();
    if let Ok(activity) = Activity::read(node) {
        assert!(
            activity.check_host().is_err()
                || activity.id.as_ref().is_none_or(|id| id.same_host(&activity.actor))
        );
        if let Some(own) = activity.own_object() {
            assert!(own.id().expect("it has a name").same_host(&activity.actor));
            if let Ok(note) = Note::read(own) {
                assert_eq!(note.attributed_to, activity.actor);
            }
        }
        let _ = activity.inner();
    }
    if let Ok(note) = Note::read(node) {
        assert!(note.tags.len() <= 200 && note.attachments.len() <= 32);
        html(&sanitize(&note.content));
    }
    if let Ok(actor) = Actor::read(node) {
        assert!(actor.fields.len() <= 16 && actor.also_known_as.len() <= 32 && actor.keys.len() <= 32);
        actor.keys.iter().for_each(|key| drop(key.public_key()));
    }
    if let Ok(list) = Collection::read(node) {
        assert!(list.items.len() <= 1_000);
    }
    if let Ok(tombstone) = Tombstone::read(node) {
        let again = write::tombstone(tombstone.id.as_str(), None).to_string();
        assert!(Document::parse(again.as_bytes(), Document::MAX_INBOX).is_ok());
    }
}

/// A text is its pieces; what is made of it, and of anything else, is harmless and stays as it is.
pub fn text(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let whole: String = scan(text).into_iter().map(written).collect();
    assert_eq!(whole, text);
    html(&sanitize(&render(text, &[])));
    html(&sanitize(text));
    let _ = to_plain(text);
}

fn written(segment: Segment<'_>) -> String {
    match segment {
        Segment::Text(text) | Segment::Url(text) => text.to_owned(),
        Segment::Hashtag(name) => format!("#{name}"),
        Segment::Mention { user, host: None } => format!("@{user}"),
        Segment::Mention { user, host: Some(host) } => format!("@{user}@{host}"),
    }
}

/// Only elements and attributes of the list.
fn html(clean: &str) {
    const ALLOWED: [&str; 17] = [
        "p",
        "br",
        "span",
        "a",
        "del",
        "s",
        "pre",
        "code",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "ul",
        "ol",
        "li",
        "blockquote",
    ];
    for (at, _) in clean.match_indices('<') {
        let tag = clean[at + 1..].trim_start_matches('/');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        assert!(ALLOWED.contains(&name), "<{name}> in {clean}");
        let attributes = tag.split('>').next().unwrap_or_default();
        let quoted = attributes.split('"').step_by(2).collect::<String>();
        for attribute in quoted[name.len()..].split_ascii_whitespace() {
            assert!(["href=", "class=", "rel=", "target="].contains(&attribute), "{attribute} in {clean}");
        }
        if let Some((_, href)) = attributes.split_once("href=\"") {
            let href = href.to_ascii_lowercase();
            assert!(href.starts_with("http:") || href.starts_with("https:"), "{href} in {clean}");
        }
    }
}
