//! What was acknowledged is there and whole: after a kill, without the index, while garbage is collected.

mod collecting;
mod index;
mod killed;
mod killed_while;

use registry_conformance::content::{Algorithm, Builder, DataSet};
use serde_json::{Value, json};

/// An image with a layer that nobody else has, and one that others may have, too.
fn image(tag: &str, shared: &[u8]) -> DataSet {
    let mut builder = Builder::new("image", Algorithm::Sha256);
    let (config, own) = (builder.config("amd64"), builder.layer(true));
    let shared = builder.blob("application/vnd.oci.image.layer.v1.tar", shared.to_vec());
    builder.manifest(&[tag], json!({ "config": config, "layers": [own, shared] }), Value::Null);
    builder.done()
}
