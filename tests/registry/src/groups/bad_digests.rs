//! Bytes that are not those of their digest are refused, however they come, and are not there afterwards.

use bytes::{BufMut, BytesMut};

use super::Place;
use super::way::Way;
use crate::content::{Algorithm, Blob};
use crate::report::Report;

pub(super) async fn run(Place { one, .. }: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    for way in Way::ALL {
        let mut group = report.group(format!("bad digests, {way}, {algorithm}"));
        let good = Blob::random(algorithm, way.length());
        let mut bytes = BytesMut::from(&good.bytes[..]);
        bytes.put_slice(b"more");
        let bad = Blob { bytes: bytes.freeze(), ..good };
        group.check("refused", async { way.push(one, &bad).await?.expect(&[400]) }).await;
        group.check("not there", async { one.head(&bad.path()).await?.expect(&[404]) }).await;
    }
    let mut group = report.group(format!("bad digests, malformed, {algorithm}"));
    for digest in [format!("{algorithm}:baddigest"), format!("{algorithm}:"), "md5:0".into(), "x".into()] {
        let content = Blob { digest: digest.clone(), ..Blob::random(algorithm, 512) };
        group.check(&digest, async { Way::PostPut.push(one, &content).await?.expect(&[400]) }).await;
    }
}
