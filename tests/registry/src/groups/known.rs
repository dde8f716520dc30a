//! Blobs that everybody has: none at all, and `{}`.

use super::way::Way;
use super::{Place, blob};
use crate::content::{Algorithm, Blob};
use crate::report::Report;

pub(super) async fn run(Place { one, .. }: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    for (name, bytes) in [("nothing", ""), ("{}", "{}")] {
        for way in [Way::Post, Way::PostPut] {
            let mut group = report.group(format!("known blobs, {name}, {way}, {algorithm}"));
            let content = Blob::new(algorithm, bytes);
            let pushed = if bytes.is_empty() {
                // Nothing has no first byte, so this is no way of its own.
                Box::pin(async {
                    let upload = one.begin().await?;
                    one.finish(&upload, &content.digest, None, content.bytes.clone()).await?.expect(&[201])
                }) as futures::future::LocalBoxFuture<'_, _>
            } else {
                Box::pin(async { way.push(one, &content).await?.expect(&[201]) })
            };
            let Some(answer) = group.check("pushed", pushed).await else { continue };
            blob::arrived(&mut group, one, &content, &answer).await;
            blob::delete(&mut group, one, &content).await;
        }
    }
}
