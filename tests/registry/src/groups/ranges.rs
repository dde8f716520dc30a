//! Parts of blobs (RFC 9110 §14).

use anyhow::ensure;

use super::Place;
use super::blob;
use super::way::Way;
use crate::client::Request;
use crate::content::{Algorithm, Blob};
use crate::report::Report;

/// What is asked for and what comes, of 2,048 bytes.
const PARTS: [(&str, usize, usize); 4] =
    [("500-1499", 500, 1_499), ("500-", 500, 2_047), ("-500", 1_548, 2_047), ("2000-5000", 2_000, 2_047)];

const NO_PARTS: [&str; 2] = ["500-0", "5000-10000"];

pub(super) async fn run(Place { one, .. }: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    let mut group = report.group(format!("ranges, {algorithm}"));
    let content = Blob::random(algorithm, 2_048);
    let pushed = async { Way::PostPut.push(one, &content).await?.expect(&[201]) };
    if group.check("pushed", pushed).await.is_none() {
        return;
    }
    let ask = |range: &str| {
        let request = Request::get(one.path(&content.path())).with("range", format!("bytes={range}"));
        async move { one.client.send(&request).await }
    };
    for (range, first, last) in PARTS {
        let read = async {
            let answer = ask(range).await?.expect(&[206])?.expect_body(&content.bytes[first..=last])?;
            let says = answer.header("content-range").unwrap_or_default().to_owned();
            let good = ["2048", "*"].map(|total| format!("bytes {first}-{last}/{total}"));
            ensure!(good.contains(&says), "Content-Range: {says:?} instead of {:?}", good[0]);
            answer.expect_header("content-length", &(last - first + 1).to_string())
        };
        group.check(range, read).await;
    }
    for range in NO_PARTS {
        group.check(range, async { ask(range).await?.expect(&[416]) }).await;
    }
    blob::delete(&mut group, one, &content).await;
}
