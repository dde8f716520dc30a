//! Sets of blobs and manifests, one for each thing that a registry must be able to keep.

use serde_json::{Map, Value, json};

use super::{Algorithm, Blob, Builder, MANIFEST, Manifest};

const KIND: &str = "application/vnd.example.first";
const OTHER_KIND: &str = "application/vnd.example.second";

/// What is pushed together; manifests come after those they need.
#[derive(Debug)]
pub struct DataSet {
    /// What it shows.
    pub name: &'static str,
    /// Its blobs.
    pub blobs: Vec<Blob>,
    /// Its manifests, each after what it refers to.
    pub manifests: Vec<Manifest>,
}

impl DataSet {
    /// All of those that are kept under digests of one algorithm.
    #[must_use]
    pub fn all(algorithm: Algorithm) -> Vec<Self> {
        let make = |name, fill: fn(&mut Builder)| {
            let mut builder = Builder::new(name, algorithm);
            fill(&mut builder);
            builder.done()
        };
        vec![
            make("image", |b| drop(b.image(&["first", "second", "third"]))),
            make("layers not compressed", not_compressed),
            make("long manifest", long),
            make("index", |b| drop(b.platforms(&["index"], json!({})))),
            make("index of indexes", nested),
            make("empty index", |b| drop(b.index(&["empty"], &[], json!({})))),
            make("artifact", |b| drop(b.artifact(&["artifact"], KIND, json!({})))),
            make("artifact index", artifacts),
            make("artifact without files", without_files),
            make("image and its referrers", referrers),
            make("index and its referrer", index_referrer),
            make("missing subject", missing_subject),
            make("content within descriptors", data),
            make("layers kept elsewhere", foreign),
            make("unknown fields", unknown),
            make("no layers", no_layers),
        ]
    }

    /// An index whose manifests are not there.
    #[must_use]
    pub fn sparse(algorithm: Algorithm) -> Self {
        let mut builder = Builder::new("index of what is not here", algorithm);
        let absent = json!({
            "mediaType": MANIFEST, "size": 1_234,
            "digest": Blob::random(algorithm, 64).digest,
            "platform": { "os": "linux", "architecture": "s390x" },
        });
        builder.index(&["sparse"], &[absent], json!({}));
        builder.done()
    }
}

fn not_compressed(builder: &mut Builder) {
    let (config, layers) = (builder.config("amd64"), [builder.layer(false), builder.layer(false)]);
    builder.manifest(&["plain"], json!({ "config": config, "layers": layers }), json!({}));
}

/// 3.9 MB.
fn long(builder: &mut Builder) {
    let annotations: Map<String, Value> =
        (0..390).map(|n| (format!("org.example.long-{n}"), "x".repeat(10_000).into())).collect();
    builder.image_with(&["long"], json!({ "annotations": annotations }));
}

fn nested(builder: &mut Builder) {
    let inner = [builder.platforms(&[], json!({})), builder.platforms(&[], json!({}))];
    builder.index(&["nested"], &inner, json!({}));
}

fn artifacts(builder: &mut Builder) {
    let inner = [builder.artifact(&[], KIND, json!({})), builder.artifact(&[], OTHER_KIND, json!({}))];
    builder.index(&["artifacts"], &inner, json!({ "artifactType": KIND }));
}

fn without_files(builder: &mut Builder) {
    let empty = builder.empty();
    let fields = json!({ "artifactType": KIND, "config": empty, "layers": [empty] });
    builder.manifest(&["nothing"], fields, annotated(&Value::Null));
}

fn referrers(builder: &mut Builder) {
    let subject = builder.image(&["subject"]);
    // One that says only by its configuration what it is.
    builder.image_with(&[], json!({ "subject": subject }));
    builder.artifact(&["about-1"], KIND, annotated(&subject));
    builder.artifact(&["about-2"], OTHER_KIND, annotated(&subject));
}

fn index_referrer(builder: &mut Builder) {
    let subject = builder.platforms(&["subject"], json!({}));
    let inner = [builder.artifact(&[], KIND, json!({}))];
    let mut more = annotated(&subject);
    more["artifactType"] = OTHER_KIND.into();
    builder.index(&["about"], &inner, more);
}

fn missing_subject(builder: &mut Builder) {
    let digest = Blob::random(Algorithm::Sha256, 64).digest;
    let subject = json!({ "mediaType": MANIFEST, "size": 123, "digest": digest });
    builder.artifact(&["early"], KIND, annotated(&subject));
}

fn data(builder: &mut Builder) {
    let (config, layer, empty) = (builder.config("amd64"), builder.layer(true), builder.empty());
    let layers = [layer, empty].map(|descriptor| builder.with_data(descriptor));
    let config = builder.with_data(config);
    builder.manifest(&["data"], json!({ "config": config, "layers": layers }), json!({}));
}

fn foreign(builder: &mut Builder) {
    let config = builder.config("amd64");
    let elsewhere = ["tar+gzip", "tar"].map(|packed| {
        let digest = Blob::random(Algorithm::Sha256, 64).digest;
        json!({
            "mediaType": format!("application/vnd.oci.image.layer.nondistributable.v1.{packed}"),
            "digest": digest, "size": 12_345, "urls": [format!("https://example.com/{digest}")],
        })
    });
    let [first, second] = elsewhere;
    let layers = [first, second, builder.layer(true)];
    builder.manifest(&["foreign"], json!({ "config": config, "layers": layers }), json!({}));
}

fn unknown(builder: &mut Builder) {
    let field = json!({ "org.example.field": { "is": ["unknown", 1, null] } });
    let image = builder.image_with(&[], field.clone());
    builder.index(&["unknown"], &[image], field);
}

fn no_layers(builder: &mut Builder) {
    let config = builder.config("amd64");
    builder.manifest(&["bare"], json!({ "config": config, "layers": [] }), json!({}));
}

/// Fields about a subject, if it is one, with annotations nobody else has.
fn annotated(subject: &Value) -> Value {
    let annotations = json!({
        "org.example.greeting": "good day",
        "org.example.unique": format!("{:032x}", rand::random::<u128>()),
    });
    match subject.get("digest") {
        Some(_) => json!({ "subject": subject, "annotations": annotations }),
        None => json!({ "annotations": annotations }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_manifest_needs_comes_before_it() {
        for set in Algorithm::ALL.into_iter().flat_map(DataSet::all) {
            let mut there: Vec<&str> = set.blobs.iter().map(|blob| blob.digest.as_str()).collect();
            for manifest in &set.manifests {
                let json = &manifest.json;
                let parts = ["layers", "manifests"].iter().filter_map(|name| json[name].as_array()).flatten();
                for part in parts.chain(json.get("config")).filter(|part| part.get("urls").is_none()) {
                    assert!(there.contains(&part["digest"].as_str().unwrap()), "{}: {part}", set.name);
                }
                there.push(&manifest.digest);
            }
            assert!(!set.manifests.is_empty());
        }
    }
}
