//! What is in a manifest.

use oci::{Content, Error, ErrorCode, Limits, MAX_SIZE, Manifest, Needed};
use serde_json::{Value, json};

fn digest(of: char) -> String {
    format!("sha256:{}", of.to_string().repeat(64))
}

fn descriptor(of: char) -> Value {
    json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 7, "digest": digest(of) })
}

fn image() -> Value {
    json!({ "schemaVersion": 2, "config": descriptor('a'), "layers": [descriptor('b'), descriptor('c')] })
}

fn with(mut body: Value, pointer: &str, key: &str, value: Value) -> String {
    body.pointer_mut(pointer).unwrap()[key] = value;
    body.to_string()
}

fn parse(json: &str) -> Result<Manifest<'_>, Error> {
    Manifest::parse(json.as_bytes(), None, &Limits::default())
}

fn needed(manifest: &Manifest<'_>) -> Vec<String> {
    let written = |needed: Needed<'_>| match needed {
        Needed::Blob(blob) => format!("blob {}", &blob.digest.to_hex()[..1]),
        Needed::Manifest(manifest) => format!("manifest {}", &manifest.digest.to_hex()[..1]),
    };
    manifest.needed().map(written).collect()
}

#[test]
fn an_image_needs_config_and_layers_but_what_is_elsewhere() {
    assert_eq!(needed(&parse(&image().to_string()).unwrap()), ["blob a", "blob b", "blob c"]);
    for foreign in [
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ] {
        let json = with(image(), "/layers/0", "mediaType", foreign.into());
        assert_eq!(needed(&parse(&json).unwrap()), ["blob a", "blob c"]);
    }
    let json = with(image(), "/layers/1", "urls", json!(["https://e.test/blob"]));
    assert_eq!(needed(&parse(&json).unwrap()), ["blob a", "blob b"]);
    let json = with(image(), "/layers/1", "mediaType", "application/vnd.oci.image.manifest.v1+json".into());
    assert_eq!(needed(&parse(&json).unwrap())[2], "blob c", "a layer is a layer");
    let json = with(image(), "/layers/1", "urls", json!([]));
    assert_eq!(needed(&parse(&json).unwrap()).len(), 3);
    let json = with(image(), "", "subject", descriptor('d'));
    let manifest = parse(&json).unwrap();
    assert_eq!(
        (manifest.subject.as_ref().unwrap().digest.to_string(), needed(&manifest).len()),
        (digest('d'), 3)
    );
    let missing = manifest.needed().next().unwrap().missing();
    assert_eq!((missing.code(), missing.status().as_u16()), (ErrorCode::ManifestBlobUnknown, 400));
    assert_eq!(missing.detail(), Some(&json!({ "digest": digest('a') })));
}

#[test]
fn an_index_needs_its_manifests_and_a_cache_its_blobs() {
    let mut nested = descriptor('e');
    nested["mediaType"] = "application/vnd.oci.image.index.v1+json".into();
    nested["platform"] = json!({ "architecture": "arm", "os": "linux", "os.version": "1", "os.features": ["x"], "variant": "v7" });
    let json = json!({ "schemaVersion": 2, "manifests": [nested, descriptor('f')] }).to_string();
    let manifest = parse(&json).unwrap();
    assert_eq!(needed(&manifest), ["manifest e", "blob f"]);
    let Content::Index { manifests } = &manifest.content else { panic!("an index") };
    let platform = manifests[0].platform.as_ref().unwrap();
    assert_eq!((&*platform.architecture, &*platform.os), ("arm", "linux"));
    assert_eq!((platform.os_version.as_deref(), platform.variant.as_deref()), (Some("1"), Some("v7")));
    assert_eq!(platform.os_features, ["x"]);
}

#[test]
fn whatever_the_protocol_allows_is_taken() {
    for json in [
        with(image(), "", "layers", json!([])),
        with(image(), "", "layers", Value::Null),
        with(image(), "", "annotations", Value::Null),
        with(image(), "", "unknown", json!({ "config": [1, { "layers": 1.5e300 }] })),
        with(image(), "/config", "data", "e30=".into()),
        with(image(), "/config", "size", 0.into()),
        with(image(), "/config", "size", MAX_SIZE.into()),
        with(image(), "/layers/0", "annotations", json!({ "a": "b", "c\"": "\u{1F600}" })),
        with(image(), "/layers/0", "mediaType", "text/plain; charset=utf-8".into()),
        with(image(), "", "artifactType", "".into()),
        with(image(), "/layers/0", "digest", format!("sha512:{}", "a".repeat(128)).into()),
        json!({ "schemaVersion": 2, "manifests": [] }).to_string(),
    ] {
        assert!(parse(&json).is_ok(), "{json}");
    }
    let annotations: Value = (0..390)
        .map(|at| (at.to_string(), "x".repeat(10_000).into()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let json = with(image(), "", "annotations", annotations);
    assert_eq!(parse(&json).unwrap().annotations.unwrap().to_map().len(), 390);
}

#[test]
fn everything_else_is_refused() {
    let text = image().to_string();
    let object = text.trim_start_matches('{');
    for json in [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        format!("{text} x"),
        text[..text.len() - 1].to_owned(),
        format!("[2,null,null,{},[],null,null,null]", descriptor('a')),
        format!(r#"{{"schemaVersion":2,{object}"#),
        with(image(), "", "schemaVersion", 1.into()),
        with(image(), "", "schemaVersion", "2".into()),
        with(image(), "", "schemaVersion", Value::Null),
        with(image(), "", "config", Value::Null),
        with(image(), "", "config", json!(["a/b", digest('a'), 1, [], null, null, null])),
        with(image(), "", "manifests", json!([descriptor('d')])),
        with(image(), "", "layers", json!({})),
        with(image(), "", "layers", json!([null])),
        with(image(), "", "layers", json!([[]])),
        with(image(), "", "subject", json!({})),
        with(image(), "", "subject", json!({ "mediaType": "", "digest": digest('d'), "size": 1 })),
        with(image(), "", "subject", "x".into()),
        with(image(), "", "annotations", json!({ "a": 1 })),
        with(image(), "", "annotations", json!(["a"])),
        with(image(), "", "artifactType", 1.into()),
        with(image(), "", "artifactType", "a\nb".into()),
        with(image(), "/config", "size", (-1).into()),
        with(image(), "/config", "size", 1.5.into()),
        with(image(), "/config", "size", "1".into()),
        with(image(), "/config", "size", (MAX_SIZE + 1).into()),
        with(image(), "/config", "size", u64::MAX.into()),
        with(image(), "/config", "digest", "sha256:abc".into()),
        with(image(), "/config", "mediaType", "".into()),
        with(image(), "/config", "mediaType", "x".repeat(256).into()),
        with(image(), "/config", "mediaType", Value::Null),
        with(image(), "/config", "urls", "x".into()),
        with(image(), "/config", "urls", vec!["x"; 101].into()),
        with(image(), "/config", "platform", json!(["a", "b", null, [], null])),
        with(image(), "", "layers", vec![descriptor('b'); 10_001].into()),
    ] {
        let error = parse(&json).expect_err(&json);
        assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::ManifestInvalid, 400), "{json}");
        assert!(error.message().len() < 300, "{error}");
    }
    let error = Manifest::parse(b"{\"a\":\"\xff\"}", None, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ManifestInvalid);
}

#[test]
fn depth_and_size_have_limits() {
    let deep = |levels: usize| {
        let open = "[".repeat(levels);
        image().to_string().replacen('{', &format!("{{\"x\":{open}{},", "]".repeat(levels)), 1)
    };
    assert!(parse(&deep(99)).is_ok());
    for levels in [100, 1_000_000] {
        assert_eq!(parse(&deep(levels)).unwrap_err().code(), ErrorCode::ManifestInvalid);
    }
    let text = image().to_string();
    let exactly = Limits { bytes: text.len(), ..Limits::default() };
    assert!(Manifest::parse(text.as_bytes(), None, &exactly).is_ok());
    let less = Limits { bytes: text.len() - 1, ..Limits::default() };
    let error = Manifest::parse(text.as_bytes(), None, &less).unwrap_err();
    assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::SizeInvalid, 413));
}
