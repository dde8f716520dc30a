//! Blobs pushed in every way, read, and deleted.

use bytes::Bytes;
use reqwest::Method;

use super::way::Way;
use super::{Place, blob};
use crate::client::Request;
use crate::content::{Algorithm, Blob};
use crate::report::Report;

pub(super) async fn run(place: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    let Place { one, target, .. } = place;
    for way in Way::ALL {
        let mut group = report.group(format!("uploads, {way}, {algorithm}"));
        let content = Blob::random(algorithm, way.length());
        let pushed = async { way.push(one, &content).await?.expect(&[201]) };
        let Some(answer) = group.check("pushed", pushed).await else { continue };
        blob::arrived(&mut group, one, &content, &answer).await;
        blob::delete(&mut group, one, &content).await;
    }
    // What is there already is taken once more.
    let mut group = report.group(format!("uploads, twice, {algorithm}"));
    let content = Blob::random(algorithm, 512);
    for time in ["first", "second"] {
        group.check(time, async { Way::PostPut.push(one, &content).await?.expect(&[201]) }).await;
    }
    blob::delete(&mut group, one, &content).await;
    if target.draft {
        draft(place, algorithm, report).await;
    }
}

/// What only the draft of the next version has: an upload that says its algorithm, and one that is called off.
async fn draft(Place { one, .. }: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    let mut group = report.group(format!("uploads, algorithm said first, {algorithm}"));
    let content = Blob::random(algorithm, 2_048);
    let pushed = async {
        let query = format!("?digest-algorithm={algorithm}");
        let upload = one.post(&query, Bytes::new()).await?.expect(&[202])?.location()?;
        one.finish(&upload, &content.digest, None, content.bytes.clone()).await?.expect(&[201])
    };
    if let Some(answer) = group.check("pushed", pushed).await {
        blob::arrived(&mut group, one, &content, &answer).await;
        blob::delete(&mut group, one, &content).await;
    }

    let mut group = report.group(format!("uploads, called off, {algorithm}"));
    let Some(upload) = group.check("begun", one.begin()).await else { return };
    let delete = Request::new(Method::DELETE, &upload);
    group.check("DELETE", async { one.client.send(&delete).await?.expect(&[204]) }).await;
    group.check("GET afterwards", async { one.get_at(&upload).await?.expect(&[404]) }).await;
    let finished = one.finish(&upload, &content.digest, None, content.bytes.clone());
    group.check("PUT afterwards", async { finished.await?.expect(&[404]) }).await;
}
