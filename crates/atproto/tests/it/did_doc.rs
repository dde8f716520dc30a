//! DID documents: real ones, and what a hostile host may serve.

use atproto::did_doc::{DidDocError, DidDocument, MAX_BYTES};
use atproto::{Did, Handle};
use serde_json::{Value, json};

use crate::vectors;

fn did() -> Did {
    Did::parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz").unwrap()
}

fn parse(document: &Value) -> Result<DidDocument, DidDocError> {
    let did = Did::parse(document["id"].as_str().unwrap_or("did:plc:absent")).unwrap();
    DidDocument::parse(document.to_string().as_bytes(), &did)
}

/// A document of [`did`] with these members.
#[expect(clippy::needless_pass_by_value, reason = "callers write the members on the spot")]
fn with(members: Value) -> DidDocument {
    let mut document = json!({ "id": did().as_str() });
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    parse(&document).unwrap()
}

fn pds(endpoint: &str) -> Option<String> {
    with(json!({"service": [
        {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": endpoint},
    ]}))
    .pds()
}

/// The same account before and after the key format changed: it is the same key.
#[test]
fn current_and_legacy_documents_agree() {
    for file in ["did_plc_doc", "did_plc_doc_legacy"] {
        let document = parse(&vectors::json(&format!("did-documents/{file}.json"))).unwrap();
        assert_eq!(document.did(), &did());
        assert_eq!(document.handle(), Some(&Handle::parse("atproto.com").unwrap()));
        assert_eq!(document.pds().as_deref(), Some("https://bsky.social"));
        let key = document.signing_key().unwrap();
        assert_eq!(key.multikey(), "zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF");
        assert_eq!(key.did_key(), "did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF");
        assert_eq!(key.jwt_alg(), "ES256K");
    }
}

#[test]
fn a_service_without_account_has_neither_handle_nor_pds() {
    let document = parse(&vectors::json("did-documents/did_web_doc.json")).unwrap();
    assert_eq!((document.handle(), document.pds(), document.signing_key()), (None, None, None));
    let service = document.service("bsky_fg").unwrap();
    assert_eq!(service.kind, "BskyFeedGenerator");
    assert_eq!(service.endpoint, "https://discover.bsky.social");
}

#[test]
fn every_document_of_real_traffic_is_complete() {
    let corpus = zstd::decode_all(vectors::bytes("did-documents/corpus.json.zst").as_slice()).unwrap();
    let corpus: Value = serde_json::from_slice(&corpus).unwrap();
    let capture = vectors::json("did-documents/capture.json");
    let documents: Vec<&Value> =
        [&corpus, &capture].iter().flat_map(|file| file.as_object().unwrap().values()).collect();
    assert!(documents.len() > 100, "{}", documents.len());
    for tree in documents {
        let document = parse(tree).unwrap();
        let is_account = tree["service"].to_string().contains("#atproto_pds");
        assert_eq!(document.pds().is_some(), is_account, "{tree}");
        assert_eq!(document.handle().is_some(), is_account, "{tree}");
        assert!(document.signing_key().is_some() || document.key("atproto_label").is_some(), "{tree}");
    }
}

#[test]
fn a_document_counts_only_for_the_did_it_names() {
    let json = vectors::text("did-documents/did_plc_doc.json");
    let other = Did::parse("did:plc:z72i7hdynmk6r22z27h6tvur").unwrap();
    let error = DidDocument::parse(json.as_bytes(), &other).unwrap_err();
    assert_eq!(error, DidDocError::WrongId { expected: other.clone(), found: did().to_string() });
    let error = DidDocument::parse(b"{}", &other).unwrap_err();
    assert_eq!(error.to_string(), r#"the DID document of did:plc:z72i7hdynmk6r22z27h6tvur is that of """#);
}

#[test]
fn the_first_valid_handle_counts() {
    let names = |names: Value| with(json!({ "alsoKnownAs": names })).handle().map(ToString::to_string);
    assert_eq!(
        names(json!(["https://x.org", 7, "at://no", "at://A.example.com", "at://b.org"])),
        Some("a.example.com".into())
    );
    assert_eq!(names(json!(["at://a.example.com/path"])), None);
    assert_eq!(names(Value::Null), None);
    assert_eq!(names(json!("at://a.example.com")), None);
}

#[test]
fn the_pds_is_an_origin() {
    assert_eq!(pds("https://pds.example.com"), Some("https://pds.example.com".into()));
    assert_eq!(pds("https://PDS.example.com:443/path?query#x"), Some("https://pds.example.com".into()));
    assert_eq!(pds("http://localhost:2583/"), Some("http://localhost:2583".into()));
    for endpoint in
        ["https://user:secret@pds.example.com", "https://", "pds.example.com", "ftp://x", "file:///etc", ""]
    {
        assert_eq!(pds(endpoint), None, "{endpoint}");
    }
}

#[test]
fn ids_may_be_relative_or_absolute() {
    let services = |id: &str, kind: &str| {
        with(json!({"service": [
            {"id": id, "type": kind, "serviceEndpoint": "https://pds.example.com"},
        ]}))
        .pds()
    };
    let kind = "AtprotoPersonalDataServer";
    assert!(services("#atproto_pds", kind).is_some());
    assert!(services(&format!("{}#atproto_pds", did()), kind).is_some());
    assert_eq!(services("did:plc:other#atproto_pds", kind), None);
    assert_eq!(services("atproto_pds", kind), None);
    assert_eq!(services("#atproto_pds", "Other"), None);
}

#[test]
fn nonsense_entries_are_skipped() {
    let document = with(json!({
        "service": [
            "#atproto_pds", null, {"id": "#atproto_pds"}, {"id": "#atproto_pds", "type": "x", "serviceEndpoint": {}},
            {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "https://pds.example.com"},
        ],
        "verificationMethod": [
            "#atproto", {"id": "#atproto", "type": "Multikey", "publicKeyMultibase": "z123"},
            {"id": "#atproto", "type": "Other", "publicKeyMultibase": "zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"},
            {"id": "#atproto", "type": "Multikey", "publicKeyMultibase": "zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"},
        ],
    }));
    assert_eq!(document.pds().as_deref(), Some("https://pds.example.com"));
    assert!(document.signing_key().is_some());
    assert_eq!(document.key("atproto_label"), None);
}

#[test]
fn hostile_documents_are_refused() {
    let refused = |json: &[u8]| DidDocument::parse(json, &did()).expect_err("accepted").to_string();
    assert!(refused(b"\xff").ends_with("not UTF-8"));
    assert!(refused(b"<html>").contains("not JSON"));
    assert!(refused(b"[]").contains("not an object"));
    assert!(refused(&vec![b' '; MAX_BYTES + 1]).contains("bytes long"));
    assert!(refused(format!("{{\"id\":{}", "[".repeat(10_000)).as_bytes()).contains("levels deep"));
    assert!(refused(br#"{"id":"a","id":"b"}"#).contains("twice"));
}
