//! One job into an empty index.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use testkit::sim::Expected;

use super::COLLECTION;
use super::differences;
use super::job::{Ended, Job};
use super::source::Source;
use crate::belvedere::{Belvedere, Network, Server};
use crate::process::{Cost, Process};

/// How often the server is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// What one job came to.
pub(super) struct Round {
    pub(super) cost: Cost,
    /// Processor time of the simulated network, which shares the machine.
    pub(super) network_cpu: Duration,
    /// The most anonymous memory, in bytes, in each quarter of the records.
    pub(super) memory: [usize; 4],
    pub(super) faults: Vec<String>,
}

/// A data folder for a server that indexes the collection, and answers queries about it.
pub(super) fn prepare(binary: &Path, data: &Path) -> anyhow::Result<Belvedere> {
    let belvedere = Belvedere::new(binary, data)?;
    belvedere.add_collections(&[COLLECTION])?;
    belvedere.add_query(COLLECTION)?;
    Ok(belvedere)
}

/// Starts a server in the network.
pub(super) fn serve<'b>(belvedere: &'b Belvedere, source: &Source) -> anyhow::Result<Server<'b>> {
    let (stream, plc, relay) = (source.sim.jetstream(), source.sim.plc(), source.sim.relay());
    belvedere.serve(Network { plc: plc.as_str(), relay: relay.as_str(), ..Network::of(stream.as_str()) })
}

impl Round {
    pub(super) fn run(source: &Source, binary: &Path, dir: &Path, mode: &str) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir_in(dir)?;
        let belvedere = prepare(binary, &dir.path().join("server"))?;
        let server = serve(&belvedere, source)?;
        let (here, there) = (Process::current(), server.process());
        let (cpu, written, network_cpu) = (there.cpu()?, there.written()?, here.cpu()?);
        let mut job = Job::start(&belvedere, mode)?;
        let total = source.expected.len();
        let mut memory = [0; 4];
        let ended = loop {
            std::thread::sleep(LOOK);
            let quarter = (usize::try_from(job.written(&server)?)? * 4 / total.max(1)).min(3);
            memory[quarter] = memory[quarter].max(there.anonymous_memory()?);
            if let Some(ended) = job.ended()? {
                break ended;
            }
        };
        let cost = Cost {
            wall: ended.wall,
            cpu: there.cpu()?.saturating_sub(cpu),
            written: there.written()?.saturating_sub(written),
            count: total,
        };
        let network_cpu = here.cpu()?.saturating_sub(network_cpu);
        server.stop()?;
        let faults = faults(&belvedere.index(), &source.expected, &ended)?;
        let faults = faults.into_iter().map(|fault| format!("{mode}: {fault}")).collect();
        Ok(Self { cost, network_cpu, memory, faults })
    }
}

/// What is wrong with the result: every record is compared, by its CID.
pub(super) fn faults(
    index: &Path,
    expected: &BTreeMap<String, Expected>,
    ended: &Ended,
) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let Ended { status, failed_repos, records, .. } = ended;
    if status != "completed" || *failed_repos != 0 || usize::try_from(*records)? != expected.len() {
        faults.push(format!("the job says {status}, {failed_repos} repositories failed, {records} records"));
    }
    faults.extend(differences(index, expected)?);
    Ok(faults)
}
