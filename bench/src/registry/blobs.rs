//! Large blobs, pushed as the container tools push them and pulled, by one client and by eight.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use bytes::Bytes;
use futures::future::try_join_all;
use registry_conformance::content::Algorithm;

use super::CLIENTS;
use super::rates::Rate;
use super::site::{REPOSITORY, Site};
use crate::http::Connection;
use crate::report::{Limit, Report, Table};

/// Bytes of a blob.
pub(super) const SIZE: usize = 64 << 20;

/// Of each kind of load.
const BLOBS: usize = 8;

/// Bytes nobody else has.
pub(super) struct Blob {
    digest: String,
    /// All blobs share their end.
    parts: [Bytes; 2],
}

impl Blob {
    /// So many blobs of a size, which share all but their beginning.
    pub(super) fn make(count: usize, size: usize) -> Vec<Self> {
        const OWN: usize = 64;
        let mut common = vec![0; size - OWN];
        rand::fill(&mut common[..]);
        let common = Bytes::from(common);
        let make = |_| {
            let mut own = vec![0; OWN];
            rand::fill(&mut own[..]);
            let digest = Algorithm::Sha256.digest(&[&own[..], &common[..]].concat());
            Self { digest, parts: [own.into(), common.clone()] }
        };
        (0..count).map(make).collect()
    }

    fn length(&self) -> usize {
        self.parts.iter().map(Bytes::len).sum()
    }

    /// Begins an upload, sends all bytes in one request, and ends it.
    pub(super) async fn push(
        &self,
        to: &Site,
        connection: &mut Connection,
        authorization: &str,
    ) -> anyhow::Result<()> {
        let start = to.request("POST", &format!("/v2/{REPOSITORY}/blobs/uploads/"), authorization);
        let upload = next(connection, &[&start], 202).await?;
        let more = format!("{authorization}content-type: application/octet-stream\r\n");
        let head = to.head("PATCH", &upload, &more, self.length());
        let upload = next(connection, &[&head, &self.parts[0], &self.parts[1]], 202).await?;
        let finish = to.request("PUT", &with_digest(&upload, &self.digest), authorization);
        next(connection, &[&finish], 201).await?;
        Ok(())
    }

    pub(super) async fn pull(
        &self,
        from: &Site,
        connection: &mut Connection,
        authorization: &str,
    ) -> anyhow::Result<()> {
        let path = format!("/v2/{REPOSITORY}/blobs/{}", self.digest);
        let (status, length) = connection.drain(&from.request("GET", &path, authorization)).await?;
        if (status, length) != (200, self.length()) {
            bail!("a pull was answered by {status} with {length} bytes");
        }
        Ok(())
    }
}

/// Where an upload goes on.
pub(super) fn with_digest(target: &str, digest: &str) -> String {
    let joint = if target.contains('?') { '&' } else { '?' };
    format!("{target}{joint}digest={}", digest.replace(':', "%3A"))
}

/// Sends a request that must be answered so, and returns where the answer says that it goes on, without the server's address.
pub(super) async fn next(
    connection: &mut Connection,
    request: &[&[u8]],
    status: u16,
) -> anyhow::Result<String> {
    let answer = connection.send_parts(request).await?;
    if answer.status != status {
        let (request, body) = (String::from_utf8_lossy(request[0]), String::from_utf8_lossy(answer.body));
        bail!("status {} for {request}{body}", answer.status);
    }
    let location = answer.field("location").context("no Location")?;
    let path = location.strip_prefix("http://").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    Ok(path.unwrap_or(location).to_owned())
}

/// Has the kernel use as much memory for files as is about to be written, and give it back. In a virtual machine the first use of a page
/// costs several times what the write into it does, and would be charged to whichever server comes first.
fn warm(dir: &Path, bytes: usize) -> io::Result<()> {
    let mut file = tempfile::tempfile_in(dir)?;
    let piece = vec![1; 1 << 20];
    (0..bytes.div_ceil(piece.len())).try_for_each(|_| file.write_all(&piece))
}

pub(super) async fn run(sites: &[Site], size: usize, dir: &Path, report: &mut Report) -> anyhow::Result<()> {
    let columns = ["push MB/s", "processor s/GB", "pull MB/s", "processor s/GB"];
    for clients in [1, CLIENTS] {
        let mut table = Table::new(if clients == 1 { "one client" } else { "eight clients" }, columns);
        for site in sites {
            let blobs = Blob::make(BLOBS, size);
            let authorization = site.authorization().await?;
            warm(dir, BLOBS * size)?;
            let push = Rate::of(
                site.process,
                each(site, &blobs, clients, async |blob, connection| {
                    blob.push(site, connection, &authorization).await
                }),
            );
            let push = per_byte(push.await?);
            let pull = Rate::of(
                site.process,
                each(site, &blobs, clients, async |blob, connection| {
                    blob.pull(site, connection, &authorization).await
                }),
            );
            let pull = per_byte(pull.await?);
            table.row(site.name, [push.0, push.1, pull.0, pull.1]);
            if site.is_guarded() {
                report.bar(format!("push, {clients} at once"), push.1, Limit::AtMost(1.5), "s/GB");
                report.bar(format!("pull, {clients} at once"), pull.1, Limit::AtMost(0.3), "s/GB");
            }
        }
        ratios(&mut table);
        report.tables.push(table);
    }
    Ok(())
}

/// Does something with each blob, so many at once, each client on a connection of its own. Returns the bytes.
pub(super) async fn each(
    site: &Site,
    blobs: &[Blob],
    clients: usize,
    work: impl AsyncFn(&Blob, &mut Connection) -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let work = &work;
    let shares = blobs.chunks(blobs.len().div_ceil(clients)).map(async |share| {
        let mut connection = site.connect().await?;
        for blob in share {
            work(blob, &mut connection).await?;
        }
        anyhow::Ok(())
    });
    try_join_all(shares).await?;
    Ok(blobs.iter().map(Blob::length).sum())
}

/// MB per second, and seconds of processor time per GB. (A microsecond per byte is a second per MB.)
fn per_byte(Rate { rate, cpu_us }: Rate) -> (f64, f64) {
    (rate / 1e6, cpu_us * 1e3)
}

/// The last row says how many times as much the first has of the second.
pub(super) fn ratios(table: &mut Table) {
    if let [ours, peer] = &table.rows[..] {
        let values = ours.values.iter().zip(&peer.values).map(|(ours, peer)| ours / peer).collect();
        table.rows.push(crate::report::Row { name: "ratio".to_owned(), values });
    }
}
