//! Manifests: read by tag again and again, and put under ever more tags.

use std::time::Duration;

use registry_conformance::content::{Algorithm, Builder, DataSet, Manifest};

use super::blobs::{next, ratios, with_digest};
use super::rates::Rate;
use super::site::{REPOSITORY, Site};
use super::{CLIENTS, Options};
use crate::http::{Load, Outcome};
use crate::process::to_f64;
use crate::report::{Limit, Report, Table};

/// Into so many parts the tags are divided; the last must cost what the first did.
const PARTS: usize = 5;

/// How much more the last may cost, noise included.
const FLAT: f64 = 1.5;

pub(super) async fn run(sites: &[Site], options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let mut reads = Table::new("GET by tag", ["/s", "p50 ms", "p99 ms", "processor µs"]);
    let columns = ["/s", "processor µs", "first tags", "last tags"];
    let mut writes = Table::new(format!("PUT under {} tags", options.tags), columns);
    let mut with_token = None;
    for site in sites {
        let authorization = site.authorization().await?;
        let mut builder = Builder::new("image", Algorithm::Sha256);
        builder.image(&[]);
        let set = builder.done();
        push(site, &set, &authorization).await?;
        let duration = Duration::from_secs(options.seconds.into());
        let read = read(site, "", duration).await?;
        row(&mut reads, site.name, read);
        if site.is_guarded() {
            report.bar("GET by tag", read.cpu_us, Limit::AtMost(60.0), "µs");
            let read = self::read(site, &authorization, duration).await?;
            report.bar("GET by tag with a token", read.cpu_us, Limit::AtMost(90.0), "µs");
            with_token = Some(read);
        }
        let parts = write(site, &set.manifests[0], &authorization, options.tags).await?;
        let mean = |figure: fn(&Rate) -> f64| parts.iter().map(figure).sum::<f64>() / to_f64(parts.len());
        let (rate, cpu) = (mean(|part| part.rate), mean(|part| part.cpu_us));
        let (first, last) = (parts[0].cpu_us, parts[PARTS - 1].cpu_us);
        writes.row(site.name, [rate, cpu, first, last]);
        if site.is_guarded() {
            report.bar("PUT under a new tag", cpu, Limit::AtMost(1_000.0), "µs");
            report.bar("PUT, last tags ÷ first", last / first, Limit::AtMost(FLAT), "×");
        }
    }
    for table in [&mut reads, &mut writes] {
        ratios(table);
    }
    if let Some(read) = with_token {
        row(&mut reads, "belvedere, with a token", read);
    }
    report.tables.extend([reads, writes]);
    Ok(())
}

fn row(table: &mut Table, name: &str, outcome: Outcome) {
    let Outcome { rate, p50_ms, p99_ms, cpu_us } = outcome;
    table.row(name, [rate, p50_ms, p99_ms, cpu_us]);
}

async fn push(site: &Site, set: &DataSet, authorization: &str) -> anyhow::Result<()> {
    let mut connection = site.connect().await?;
    for blob in &set.blobs {
        let start = site.request("POST", &format!("/v2/{REPOSITORY}/blobs/uploads/"), authorization);
        let upload = next(&mut connection, &[&start], 202).await?;
        let target = with_digest(&upload, &blob.digest);
        let finish = site.head("PUT", &target, authorization, blob.bytes.len());
        next(&mut connection, &[&finish, &blob.bytes], 201).await?;
    }
    for manifest in &set.manifests {
        next(&mut connection, &[&put(site, manifest, authorization, "latest")], 201).await?;
    }
    Ok(())
}

fn put(site: &Site, manifest: &Manifest, authorization: &str, tag: &str) -> Vec<u8> {
    let more = format!("{authorization}content-type: {}\r\n", manifest.media_type);
    let target = format!("/v2/{REPOSITORY}/manifests/{tag}");
    let mut request = site.head("PUT", &target, &more, manifest.bytes.len());
    request.extend_from_slice(&manifest.bytes);
    request
}

async fn read(site: &Site, authorization: &str, duration: Duration) -> anyhow::Result<Outcome> {
    let more = format!("{authorization}accept: {}\r\n", registry_conformance::content::MANIFEST);
    let requests = [site.request("GET", &format!("/v2/{REPOSITORY}/manifests/latest"), &more)];
    let (address, server) = (site.address, site.process);
    Load { address, server, requests: &requests, connections: CLIENTS, duration, once: false }.run().await
}

/// What each part of the tags cost.
async fn write(
    site: &Site,
    manifest: &Manifest,
    authorization: &str,
    tags: u32,
) -> anyhow::Result<Vec<Rate>> {
    let requests: Vec<_> = (0..tags).map(|n| put(site, manifest, authorization, &format!("v{n}"))).collect();
    let mut parts = Vec::with_capacity(PARTS);
    for part in requests.chunks(requests.len().div_ceil(PARTS)) {
        let load = Load {
            address: site.address,
            server: site.process,
            requests: part,
            connections: CLIENTS,
            duration: Duration::from_mins(10),
            once: true,
        };
        let Outcome { rate, cpu_us, .. } = load.run().await?;
        parts.push(Rate { rate, cpu_us });
    }
    Ok(parts)
}
