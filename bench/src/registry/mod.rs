//! The registry: blobs and manifests in and out, beside the reference server of the protocol, in turns.
//!
//! What is compared is the server's processor time, which the load generator on the same cores does not spoil.

mod blobs;
mod manifests;
mod memory;
mod rates;
mod site;
mod small;

use std::path::Path;
use std::time::Duration;

use testkit::DockerRegistry;

use crate::belvedere::{Belvedere, Network, Server};
use crate::report::{Limit, Report};
use crate::stream::{Frames, Pace, StreamServer};

use site::Site;

/// After so long everything that a start leaves behind has settled.
const SETTLE: Duration = Duration::from_secs(2);

/// Clients at once.
const CLIENTS: usize = 8;

/// Who pushes.
const USER: &str = "alice.test";
const PASSWORD: &str = "correct horse";

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Seconds that manifests are read, and small blobs pushed.
    pub seconds: u32,
    /// MiB that each of eight clients moves while memory is looked at.
    pub mebibytes: u32,
    /// Tags that one repository gets.
    pub tags: u32,
}

/// Runs the benchmark. Where the reference server is not installed, our figures stand alone.
///
/// # Errors
/// When something cannot be run, or an answer is no success.
pub fn run(binary: &Path, dir: &Path, options: &Options) -> anyhow::Result<Report> {
    let mut report = Report::new(format!("Registry: blobs of {} MiB, {CLIENTS} clients", blobs::SIZE >> 20));
    let place = tempfile::tempdir_in(dir)?;
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (synced, unsynced) = (
        Belvedere::new(binary, &place.path().join("synced"))?,
        Belvedere::new(binary, &place.path().join("unsynced"))?,
    );
    let peer = runtime.block_on(DockerRegistry::start(place.path()));
    let server = start(&synced, quiet.url(), "full")?;
    std::thread::sleep(SETTLE);
    let ours = Site::ours(&server)?;
    let mut sites = vec![ours];
    sites.extend(peer.as_ref().map(Site::peer).transpose()?);
    runtime.block_on(async {
        let blobs_each = (usize::try_from(options.mebibytes)? << 20).div_ceil(blobs::SIZE);
        memory::run(&sites, blobs::SIZE, blobs_each, &mut report).await?;
        blobs::run(&sites, blobs::SIZE, place.path(), &mut report).await?;
        manifests::run(&sites, options, &mut report).await?;
        let synced = small::run(&sites, options.seconds, &mut report, "synced").await?;
        if let [ours, peer] = synced[..] {
            report.bar("2 KiB blobs ÷ reference, synced", ours.rate / peer.rate, Limit::AtLeast(5.0), "×");
        }
        anyhow::Ok(())
    })?;
    server.stop()?;
    let server = start(&unsynced, quiet.url(), "off")?;
    let site = [Site::ours(&server)?];
    let rates = runtime.block_on(small::run(&site, options.seconds, &mut report, "not synced"))?;
    report.bar("2 KiB blob, not synced", rates[0].cpu_us, Limit::AtMost(300.0), "µs");
    server.stop()?;
    Ok(report)
}

/// Our server with one account, and with blobs made durable in one way.
fn start<'a>(belvedere: &'a Belvedere, jetstream: &str, fsync: &str) -> anyhow::Result<Server<'a>> {
    let accounts = format!("{USER}:{PASSWORD}");
    let settings = [("REGISTRY_LOCAL_ACCOUNTS", accounts.as_str()), ("REGISTRY_FSYNC", fsync)];
    belvedere.serve(Network { apps: "registry", settings: &settings, ..Network::of(jetstream) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everything_can_be_measured_on_the_reference_server() {
        let folder = tempfile::tempdir().unwrap();
        let Some(server) = DockerRegistry::start(folder.path()).await else { return };
        let sites = [Site::peer(&server).unwrap()];
        let mut report = Report::new("");
        let options = Options { seconds: 1, mebibytes: 1, tags: 20 };
        memory::run(&sites, 1 << 20, 1, &mut report).await.unwrap();
        blobs::run(&sites, 1 << 20, folder.path(), &mut report).await.unwrap();
        manifests::run(&sites, &options, &mut report).await.unwrap();
        let rates = small::run(&sites, 1, &mut report, "synced").await.unwrap();
        assert!(rates[0].rate > 0.0 && rates[0].cpu_us > 0.0, "{report}");
        assert!(report.tables.iter().all(|table| table.rows[0].name == "reference"), "{report}");
        let figures = report.tables.iter().flat_map(|table| &table.rows[0].values);
        assert!(figures.copied().all(f64::is_finite), "{report}");
    }
}
