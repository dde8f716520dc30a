//! Paths, from the right.

use http::Method;
use oci::{Digest, ErrorCode, Reference, RepositoryName, Route, Tag, UploadId};

const SHA256: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const UUID: &str = "0192f0c1-7a3b-7def-8123-456789abcdef";

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn get(path: &str) -> Result<Route, oci::Error> {
    Route::parse(&Method::GET, path)
}

fn refusal(method: &Method, path: &str) -> (ErrorCode, u16) {
    let error = Route::parse(method, path).expect_err(path);
    (error.code(), error.status().as_u16())
}

#[test]
fn every_endpoint_is_found_and_prints_its_path() {
    let digest = Digest::parse(SHA256).unwrap();
    let name = || name("a.test/team/app");
    let reference = Reference::Tag(Tag::parse("v1").unwrap());
    let id = UploadId::parse(UUID).unwrap();
    for (method, path, route) in [
        (Method::GET, "/v2/".to_owned(), Route::Ping),
        (Method::GET, "/v2/_catalog".to_owned(), Route::Catalog),
        (Method::GET, "/v2/_oci/ext/discover".to_owned(), Route::Extensions(None)),
        (Method::GET, "/v2/a.test/team/app/_oci/ext/discover".to_owned(), Route::Extensions(Some(name()))),
        (Method::HEAD, format!("/v2/a.test/team/app/blobs/{SHA256}"), Route::Blob { name: name(), digest }),
        (Method::POST, "/v2/a.test/team/app/blobs/uploads/".to_owned(), Route::Uploads { name: name() }),
        (
            Method::PATCH,
            format!("/v2/a.test/team/app/blobs/uploads/{UUID}"),
            Route::Upload { name: name(), id },
        ),
        (
            Method::PUT,
            "/v2/a.test/team/app/manifests/v1".to_owned(),
            Route::Manifest { name: name(), reference },
        ),
        (Method::GET, "/v2/a.test/team/app/tags/list".to_owned(), Route::Tags { name: name() }),
        (
            Method::GET,
            format!("/v2/a.test/team/app/referrers/{SHA256}"),
            Route::Referrers { name: name(), digest },
        ),
    ] {
        assert_eq!(Route::parse(&method, &path).unwrap(), route);
        assert_eq!(route.to_string(), path);
    }
    assert_eq!(get("/v2"), Ok(Route::Ping));
    assert_eq!(
        Route::parse(&Method::POST, "/v2/a/b/blobs/uploads"),
        Ok(Route::Uploads { name: self::name("a/b") })
    );
}

#[test]
fn words_of_the_protocol_may_stand_in_names() {
    for repository in
        ["blobs", "blobs/uploads", "manifests", "tags/list", "uploads", "referrers", "manifests/tags"]
    {
        let expected = name(&format!("a/{repository}"));
        for path in [
            format!("/v2/{expected}/tags/list"),
            format!("/v2/{expected}/manifests/list"),
            format!("/v2/{expected}/manifests/uploads"),
            format!("/v2/{expected}/blobs/{SHA256}"),
            format!("/v2/{expected}/blobs/uploads/{UUID}"),
            format!("/v2/{expected}/referrers/{SHA256}"),
        ] {
            assert_eq!(get(&path).unwrap().name(), Some(&expected), "{path}");
        }
    }
}

#[test]
fn what_clients_name_is_decoded_once() {
    let encoded = SHA256.replace(':', "%3A");
    assert_eq!(get(&format!("/v2/a/b/blobs/{encoded}")), get(&format!("/v2/a/b/blobs/{SHA256}")));
    let with_did = get("/v2/did%3aplc%3Aabc/app/tags/list").unwrap();
    assert_eq!(with_did.to_string(), "/v2/did:plc:abc/app/tags/list");
    let with_port = get("/v2/did:web:localhost%253A80/app/tags/list").unwrap();
    assert_eq!(with_port.name().unwrap().owner().did(), Some("did:web:localhost%3A80"));
    assert_eq!(with_port.to_string(), "/v2/did:web:localhost%253A80/app/tags/list");
}

#[test]
fn tricks_lead_nowhere() {
    let get = |path: &str| refusal(&Method::GET, path);
    let invalid_name = (ErrorCode::NameInvalid, 400);
    for path in [
        "/v2//tags/list",
        "/v2/a/tags/list",
        "/v2/a//b/tags/list",
        "/v2/../a/b/tags/list",
        "/v2/a/../b/tags/list",
        "/v2/a/%2e%2e/tags/list",
        "/v2/a/..%2fb/tags/list",
        "/v2/a%2Fb/tags/list",
        "/v2/a%2Fb/c/tags/list",
        "/v2/A/b/tags/list",
        "/v2/a/b%00/tags/list",
        "/v2/a/b%0d%0a/tags/list",
        "/v2/a/b%ff/tags/list",
        "/v2/a/b%/tags/list",
        "/v2/a/%252e/tags/list",
        "/v2/ä/b/tags/list",
        "/v2/_catalog/a/tags/list",
        "/v2/a/_oci/tags/list",
    ] {
        assert_eq!(get(path), invalid_name, "{path}");
    }
    assert_eq!(get(&format!("/v2/a/{}/tags/list", "b".repeat(254))), invalid_name);
    assert_eq!(get(&format!("/v2/a/{}/tags/list", "%62".repeat(1000))), invalid_name);
    let nowhere = (ErrorCode::NameUnknown, 404);
    for path in [
        "",
        "/",
        "/v1/",
        "/v20/",
        "/V2/",
        "v2/",
        "/v2/a",
        "/v2/a/b",
        "/v2/a/b/tags",
        "/v2/a/b/tags/list/",
        "/v2/a/b/tags/other",
        "/v2/a/b/%74ags/list",
        "/v2/a/b/manifests/x/y",
        "/v2/a/b/uploads/x",
        "/v2/_catalog/",
        "/v2/_oci/ext",
        "/v2/_oci/ext/other",
        "/v2/a/b/_oci/ext/other",
        "/x/v2/a/b/tags/list",
    ] {
        assert_eq!(get(path), nowhere, "{path}");
    }
}

#[test]
fn parts_are_refused_by_their_own_codes() {
    for digest in
        ["sha256:baddigeststring", "x", "", "..", "%2e%2e", "sha256:%2e%2e%2f", "%ff", "sha256%253Aabc"]
    {
        for path in [format!("/v2/a/b/blobs/{digest}"), format!("/v2/a/b/referrers/{digest}")] {
            assert_eq!(refusal(&Method::GET, &path), (ErrorCode::DigestInvalid, 400), "{path}");
        }
    }
    let bad_digest = "/v2/a/b/manifests/sha256:baddigeststring";
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        assert_eq!(refusal(&method, bad_digest), (ErrorCode::DigestInvalid, 400));
        for tag in ["", "..", "a%2fb", "-", "%ff", &"x".repeat(129)] {
            let path = format!("/v2/a/b/manifests/{tag}");
            let expected = match method {
                Method::PUT => (ErrorCode::ManifestInvalid, 400),
                _ => (ErrorCode::ManifestUnknown, 404),
            };
            assert_eq!(refusal(&method, &path), expected, "{method} {path}");
        }
    }
    for id in ["x", "..", "%2e%2e", "0192F0C1-7a3b-7def-8123-456789abcdef"] {
        let path = format!("/v2/a/b/blobs/uploads/{id}");
        assert_eq!(refusal(&Method::GET, &path), (ErrorCode::BlobUploadUnknown, 404), "{path}");
    }
}
