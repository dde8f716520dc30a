//! Lists of what is about a manifest.

use oci::referrers::{Referrer, index};
use oci::{Algorithm, Annotations, Digest, Limits, Manifest, ManifestType};
use serde_json::{Value, json};

fn image(own: Option<&str>) -> String {
    let mut image = json!({
        "schemaVersion": 2,
        "config": { "mediaType": "application/x.config", "size": 2, "digest": Digest::of(Algorithm::Sha256, b"{}") },
        "annotations": { "b": "1", "a": "\"\n\u{1F600}" },
    });
    if let Some(own) = own {
        image["artifactType"] = own.into();
    }
    image.to_string()
}

fn artifact_type(json: &str) -> Option<String> {
    let manifest = Manifest::parse(json.as_bytes(), None, &Limits::default()).unwrap();
    manifest.effective_artifact_type().map(str::to_owned)
}

#[test]
fn an_artifact_is_of_the_type_it_says_or_of_its_config() {
    assert_eq!(artifact_type(&image(Some("application/x.sbom"))).as_deref(), Some("application/x.sbom"));
    for silent in [None, Some("")] {
        assert_eq!(artifact_type(&image(silent)).as_deref(), Some("application/x.config"));
    }
    let index = |own: Value| json!({ "schemaVersion": 2, "manifests": [], "artifactType": own }).to_string();
    assert_eq!(artifact_type(&index("application/x.sbom".into())).as_deref(), Some("application/x.sbom"));
    assert_eq!(artifact_type(&index(Value::Null)), None);
}

#[test]
fn an_empty_list_is_an_index() {
    let expected =
        format!(r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[]}}"#, ManifestType::OciIndex);
    assert_eq!(index([], None), expected);
    assert_eq!(index([], Some("a/b")), expected);
}

#[test]
fn entries_tell_all_and_a_filter_leaves_nothing_foreign() {
    let json = image(Some("application/x.\"sbom"));
    let digest = Digest::of(Algorithm::Sha512, json.as_bytes());
    let manifest = Manifest::parse(json.as_bytes(), None, &Limits::default()).unwrap();
    let full = Referrer::of(&manifest, digest, json.len() as u64);
    let bare = Referrer {
        media_type: ManifestType::DockerIndex,
        artifact_type: None,
        annotations: None,
        ..full.clone()
    };
    let entry = json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": json.len(),
        "artifactType": "application/x.\"sbom", "annotations": { "b": "1", "a": "\"\n\u{1F600}" },
    });
    let bare_entry = json!({
        "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json", "digest": digest, "size": json.len(),
    });
    let list = |filter| {
        let body: Value = serde_json::from_str(&index([full.clone(), bare.clone()], filter)).unwrap();
        body["manifests"].clone()
    };
    assert_eq!(list(None), json!([entry, bare_entry]));
    assert_eq!(list(Some("application/x.\"sbom")), json!([entry]));
    assert_eq!(list(Some("application/x.config")), json!([]));
}

#[test]
fn stored_annotations_are_read_again() {
    assert_eq!(Annotations::from_json(r#"{"a": "b"}"#).unwrap().as_json(), r#"{"a": "b"}"#);
    for json in ["", "[]", "null", r#"{"a":1}"#, r#"{"a":"b"}}"#, r#"{"a":"\ud800"}"#] {
        assert!(Annotations::from_json(json).is_none(), "{json}");
    }
}
