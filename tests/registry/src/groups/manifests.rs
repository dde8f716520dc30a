//! Manifests that are not there, and such that must not get there.

use bytes::{BufMut, BytesMut};

use super::Place;
use super::data::{delete, push};
use crate::content::{Algorithm, Blob, Builder, MANIFEST};
use crate::report::Report;

const BAD: &str = "sha256:baddigeststring";

pub(super) async fn run(place: Place<'_>, report: &mut Report) {
    let Place { one, .. } = place;
    let mut group = report.group("manifests that are not there");
    let tag = format!("t{:016x}", rand::random::<u64>());
    for reference in Algorithm::ALL.map(|it| Blob::random(it, 16).digest).into_iter().chain([tag]) {
        let path = format!("manifests/{reference}");
        group.check(format!("GET {reference}"), async { one.get(&path).await?.expect(&[404]) }).await;
        group.check(format!("HEAD {reference}"), async { one.head(&path).await?.expect(&[404]) }).await;
    }

    for algorithm in Algorithm::ALL {
        let mut builder = Builder::new("changed manifest", algorithm);
        builder.image(&[]);
        let set = builder.done();
        push::blobs(place, &set, algorithm, report).await;
        let manifest = &set.manifests[0];
        let mut bytes = BytesMut::from(&manifest.bytes[..]);
        bytes.put_slice(b"  ");
        let mut group = report.group(format!("changed manifest, {algorithm}"));
        let refused = one.put_manifest(&manifest.digest, MANIFEST, bytes.freeze());
        group.check("refused", async { refused.await?.expect(&[400]) }).await;
        group.check("not there", async { one.head(&manifest.path()).await?.expect(&[404]) }).await;
        delete::blobs(place, &set, algorithm, report).await;
    }

    let mut group = report.group("malformed digest of a manifest");
    let mut builder = Builder::new("malformed digest", Algorithm::Sha256);
    builder.image(&[]);
    let set = builder.done();
    let refused = one.put_manifest(BAD, MANIFEST, set.manifests[0].bytes.clone());
    group.check("PUT", async { refused.await?.expect(&[400]) }).await;
    let path = format!("manifests/{BAD}");
    group.check("GET", async { one.get(&path).await?.expect(&[400, 404]) }).await;
}
