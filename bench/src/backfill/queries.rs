//! How long a query takes while history arrives, and when nothing does.

use std::path::Path;
use std::time::Duration;

use super::job::Job;
use super::round::{faults, prepare, serve};
use super::source::Source;
use crate::belvedere::{QUERY, Server};
use crate::http::{Load, Outcome, request};
use crate::report::median;

/// Clients that ask at the same time: few, so that what is measured is the backfill and not each other.
const CLIENTS: usize = 2;
const SLICE: Duration = Duration::from_millis(500);
/// Slices without a backfill.
const QUIET: usize = 6;
/// Records that are there before it counts: a page must be full.
const ENOUGH: i64 = 2_000;

/// Slices during and after a job.
pub(super) struct Queries {
    pub(super) during: Vec<Outcome>,
    pub(super) after: Vec<Outcome>,
    pub(super) faults: Vec<String>,
}

impl Queries {
    pub(super) fn run(source: &Source, binary: &Path, dir: &Path, mode: &str) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir_in(dir)?;
        let belvedere = prepare(binary, &dir.path().join("server"))?;
        let server = serve(&belvedere, source)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut job = Job::start(&belvedere, mode)?;
        while job.written(&server)? < ENOUGH {
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut during = Vec::new();
        let ended = loop {
            let slice = runtime.block_on(ask(&server))?;
            job.written(&server)?;
            if let Some(ended) = job.ended()? {
                break ended;
            }
            // A slice that the job ended in is neither during nor after it.
            during.push(slice);
        };
        let after = (0..QUIET).map(|_| runtime.block_on(ask(&server))).collect::<anyhow::Result<_>>()?;
        server.stop()?;
        let faults = faults(&belvedere.index(), &source.expected, &ended)?;
        Ok(Self { during, after, faults })
    }

    /// The middle of a figure, while history arrives and when nothing does.
    pub(super) fn middle(&self, figure: fn(&Outcome) -> f64) -> (f64, f64) {
        (median(self.during.iter().map(figure)), median(self.after.iter().map(figure)))
    }
}

async fn ask(server: &Server<'_>) -> anyhow::Result<Outcome> {
    let address = server.address();
    let requests = [request(address, &format!("/xrpc/{QUERY}?limit=20"))];
    let load = Load {
        address,
        server: server.process(),
        requests: &requests,
        connections: CLIENTS,
        duration: SLICE,
        once: false,
    };
    load.run().await
}
