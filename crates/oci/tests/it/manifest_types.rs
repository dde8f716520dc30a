//! Of which type a manifest is: the request, the manifest and its fields say so.

use oci::{Content, ErrorCode, Limits, Manifest, ManifestType};
use serde_json::{Value, json};

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

fn body(is_index: bool, own: Option<&str>) -> Vec<u8> {
    let digest = format!("sha256:{}", "a".repeat(64));
    let mut body = json!({ "schemaVersion": 2 });
    if is_index {
        body["manifests"] = json!([]);
    } else {
        body["config"] =
            json!({ "mediaType": "application/vnd.oci.empty.v1+json", "size": 2, "digest": digest });
    }
    if let Some(own) = own {
        body["mediaType"] = Value::from(own);
    }
    body.to_string().into_bytes()
}

fn decide(is_index: bool, sent: Option<&str>, own: Option<&str>) -> Result<ManifestType, ErrorCode> {
    let bytes = body(is_index, own);
    let manifest = Manifest::parse(&bytes, sent, &Limits::default()).map_err(|error| error.code())?;
    assert_eq!(matches!(manifest.content, Content::Index { .. }), manifest.media_type.is_index());
    Ok(manifest.media_type)
}

#[test]
fn whoever_says_it_is_believed() {
    for (is_index, name) in [(false, IMAGE), (true, INDEX), (false, DOCKER_IMAGE), (true, DOCKER_INDEX)] {
        let expected = Ok(ManifestType::parse(name).unwrap());
        let with_parameters = format!(" {name} ; charset=utf-8");
        let capital = name.to_uppercase();
        for sent in [name, &with_parameters, &capital] {
            assert_eq!(decide(is_index, Some(sent), Some(name)), expected, "{sent}");
            assert_eq!(decide(is_index, Some(sent), None), expected, "{sent}");
        }
        for sent in [None, Some(""), Some("; charset=utf-8")] {
            assert_eq!(decide(is_index, sent, Some(name)), expected);
        }
    }
    for own in [None, Some("")] {
        assert_eq!(decide(false, None, own), Ok(ManifestType::OciImage));
        assert_eq!(decide(true, None, own), Ok(ManifestType::OciIndex));
    }
}

#[test]
fn contradictions_are_refused() {
    for (is_index, sent, own) in [
        (false, Some(IMAGE), Some(DOCKER_IMAGE)),
        (false, Some(IMAGE), Some(INDEX)),
        (false, Some("application/json"), Some(IMAGE)),
        (false, Some("application/json"), None),
        (false, None, Some("application/vnd.oci.artifact.manifest.v1+json")),
        (false, Some(INDEX), None),
        (false, None, Some(INDEX)),
        (true, Some(IMAGE), None),
        (true, None, Some(DOCKER_IMAGE)),
        (false, Some("application/vnd.docker.distribution.manifest.v1+json"), None),
        (false, Some("application/vnd.docker.distribution.manifest.v1+prettyjws"), None),
    ] {
        assert_eq!(decide(is_index, sent, own), Err(ErrorCode::ManifestInvalid), "{sent:?} {own:?}");
    }
}

#[test]
fn schema_1_is_told_to_be_too_old() {
    let bytes = br#"{"schemaVersion":1,"name":"a/b","fsLayers":[]}"#;
    let sent = Some("application/vnd.docker.distribution.manifest.v1+prettyjws");
    let error = Manifest::parse(bytes, sent, &Limits::default()).unwrap_err();
    assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::ManifestInvalid, 400));
    assert!(error.message().contains("schema 1"));
}
