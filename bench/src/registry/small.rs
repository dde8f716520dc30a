//! Small blobs, pushed by eight clients at once in two requests each, as the clients from Python do.

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use registry_conformance::content::{Algorithm, Blob};

use super::CLIENTS;
use super::blobs::{next, ratios, with_digest};
use super::rates::Rate;
use super::site::{REPOSITORY, Site};
use crate::report::{Report, Table};

/// Bytes of a blob.
const SIZE: usize = 2_048;

/// What was measured on each site, in their order.
pub(super) async fn run(
    sites: &[Site],
    seconds: u32,
    report: &mut Report,
    how: &str,
) -> anyhow::Result<Vec<Rate>> {
    let mut table = Table::new(format!("2 KiB blobs, {how}"), ["/s", "processor µs"]);
    let mut rates = Vec::new();
    for site in sites {
        let authorization = site.authorization().await?;
        let until = Instant::now() + Duration::from_secs(seconds.into());
        let rate = Rate::of(site.process, async {
            let clients = (0..CLIENTS).map(|_| push_until(site, &authorization, until));
            Ok(try_join_all(clients).await?.into_iter().sum())
        });
        let rate = rate.await?;
        table.row(site.name, [rate.rate, rate.cpu_us]);
        rates.push(rate);
    }
    ratios(&mut table);
    report.tables.push(table);
    Ok(rates)
}

/// Returns how many it were.
async fn push_until(site: &Site, authorization: &str, until: Instant) -> anyhow::Result<usize> {
    let mut connection = site.connect().await?;
    let start = site.request("POST", &format!("/v2/{REPOSITORY}/blobs/uploads/"), authorization);
    let more = format!("{authorization}content-type: application/octet-stream\r\n");
    let mut count = 0;
    while Instant::now() < until {
        let Blob { digest, bytes } = Blob::random(Algorithm::Sha256, SIZE);
        let upload = next(&mut connection, &[&start], 202).await?;
        let mut finish = site.head("PUT", &with_digest(&upload, &digest), &more, SIZE);
        finish.extend_from_slice(&bytes);
        next(&mut connection, &[&finish], 201).await?;
        count += 1;
    }
    Ok(count)
}
