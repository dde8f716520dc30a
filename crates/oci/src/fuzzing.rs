//! What must hold for any input whatsoever, one function per parser of foreign bytes; see `fuzz/README.md`.

#![expect(clippy::expect_used, reason = "every function here is a check")]

use http::{HeaderValue, Method};

use crate::referrers::{Referrer, index};
use crate::{
    Algorithm, ByteRange, Challenge, Content, ContentRange, Digest, EntityTag, Error, Limits, MAX_SIZE,
    Manifest, ManifestType, Page, Portion, Reference, RepositoryName, Route, Scope, Tag, UploadId,
};

/// A path is one endpoint, which prints as a path that is the same endpoint.
pub fn route(input: &[u8]) {
    let Ok(path) = str::from_utf8(input) else { return };
    for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let route = match Route::parse(&method, path) {
            Ok(route) => route,
            Err(error) => {
                check_error(&error);
                continue;
            }
        };
        let location = route.to_string();
        assert_eq!(Route::parse(&method, &location).as_ref(), Ok(&route), "{location}");
        assert!(location.starts_with("/v2/") && location.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(!location.contains("/../") && !location.contains("//"));
        if let Some(name) = route.name() {
            assert!(name.as_str().len() <= RepositoryName::MAX_BYTES);
            assert!(name.as_str().ends_with(&format!("/{}", name.repository())));
            assert!(name.owner().did().is_some() || name.owner().handle().is_some());
        }
        if let Some(scope) = route.scope(&method) {
            assert_eq!(Scope::parse(&scope.to_string()), Ok(scope));
        }
        let link = Page::default().next_link(&route, path, Some(("artifactType", path)));
        check_header(&link);
        assert_eq!((link.matches('>').count(), link.matches('"').count()), (1, 2), "{link}");
    }
}

/// What is read as an identifier is written as it was.
pub fn digest(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    check_text(Digest::parse(text), text);
    check_text(Tag::parse(text), text);
    check_text(Reference::parse(text), text);
    check_text(RepositoryName::parse(text), text);
    check_text(UploadId::parse(text), text);
    if let Ok(digest) = Digest::parse(text) {
        let tag = EntityTag(digest);
        assert!(tag.is_known(&tag.to_string()) && tag.allows_range(Some(&tag.to_string())));
        assert!(Tag::parse(digest.referrers_tag().as_str()).is_ok());
        assert_ne!(Digest::of(Algorithm::Sha256, input), digest, "found a preimage");
    }
}

/// A range is within what there is, whatever there is.
pub fn range(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    for size in [0, 1, 2, 2048, MAX_SIZE, u64::MAX] {
        let range = ByteRange::parse(Some(text), size);
        if let ByteRange::Partial { first, last } = range {
            assert!(first <= last && last < size, "{first}-{last} of {size}");
        }
        assert!(range.body_length(size) <= size);
        range.content_range(size).iter().for_each(|value| check_header(value));
        match Portion::of(EntityTag(Digest::of(Algorithm::Sha256, b"")), size, Some(text), None) {
            Ok(portion) => {
                assert!(portion.bytes.end <= size && portion.length() == range.body_length(size));
                assert_eq!(portion.content_range, range.content_range(size));
            }
            Err(refused) => assert_eq!(Some(refused.content_range()), range.content_range(size)),
        }
    }
    match ContentRange::parse(text) {
        Ok(range) => {
            assert!(range.start() <= range.end() && range.len() > 0);
            assert_eq!(ContentRange::parse(&range.to_string()), Ok(range));
            assert!(range.check(range.start(), Some(range.len())).is_ok());
            assert!(range.check(range.end() + 1, None).is_err());
        }
        Err(error) => check_error(&error),
    }
    match Page::parse(Some(text), Some(text), 100) {
        Ok(page) => assert!(page.limit() <= 100),
        Err(error) => check_error(&error),
    }
}

/// What is read as a manifest is JSON that says so, and a list with it in is read as a manifest again.
pub fn manifest(input: &[u8]) {
    let limits = Limits::default();
    let manifest = match Manifest::parse(input, None, &limits) {
        Ok(manifest) => manifest,
        Err(error) => return check_error(&error),
    };
    let tree: serde_json::Value = serde_json::from_slice(input).expect("a manifest is JSON");
    assert_eq!(tree["schemaVersion"], 2);
    let own_type = Manifest::parse(input, Some(manifest.media_type.as_str()), &limits);
    assert!(own_type.is_ok_and(|again| again.media_type == manifest.media_type));
    let listed = match &manifest.content {
        Content::Image { layers, .. } => (layers.len(), "layers"),
        Content::Index { manifests } => (manifests.len(), "manifests"),
    };
    assert_eq!(tree[listed.1].as_array().map_or(0, Vec::len), listed.0);
    for needed in manifest.needed() {
        let descriptor = needed.descriptor();
        assert!(descriptor.size <= MAX_SIZE && descriptor.urls.is_empty());
        check_error(&needed.missing());
    }
    let entry = Referrer::of(&manifest, Digest::of(Algorithm::Sha256, input), input.len() as u64);
    let body = index([entry], None);
    let list = Manifest::parse(body.as_bytes(), Some(ManifestType::OciIndex.as_str()), &limits);
    let Content::Index { manifests } = list.expect("a list is a manifest").content else { unreachable!() };
    let texts = |annotations: Option<crate::Annotations<'_>>| annotations.map(crate::Annotations::to_map);
    assert_eq!(texts(manifests[0].annotations), texts(manifest.annotations));
}

/// A scope means what it says when it is written again, and stays in its quotes.
pub fn scope(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let scopes = Scope::parse_all(text).unwrap_or_default();
    for scope in &scopes {
        assert_eq!(Scope::parse(&scope.to_string()).as_ref(), Ok(scope));
    }
    let challenge = Challenge { realm: text, service: text, scopes: &scopes, problem: None }.to_string();
    check_header(&challenge);
    let quotes = challenge.replace("\\\\", "").replace("\\\"", "").matches('"').count();
    assert_eq!(quotes, if scopes.is_empty() { 4 } else { 6 }, "{challenge}");
    check_header(&crate::header::warning(text));
}

fn check_text<T: std::fmt::Display>(parsed: Result<T, Error>, text: &str) {
    match parsed {
        Ok(parsed) => assert_eq!(parsed.to_string(), text),
        Err(error) => check_error(&error),
    }
}

fn check_header(value: &str) {
    assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{value:?}");
    assert!(HeaderValue::from_str(value).is_ok());
}

fn check_error(error: &Error) {
    assert!(error.status().is_client_error());
    assert!((1..=1000).contains(&error.message().len()), "{}", error.message());
}
