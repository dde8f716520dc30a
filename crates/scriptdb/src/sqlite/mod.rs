//! The embedded engine: `scripts.db`, one thread that writes, a few that read.

mod authorizer;
mod effects;
mod export;
mod failure;
mod functions;
mod import;
mod linear;
mod link;
mod open;
#[cfg(test)]
mod tests;
mod trial;
mod views;

pub(crate) use effects::EFFECTS;
pub(crate) use export::{SqliteExport, sizes};
pub(crate) use import::SqliteImport;

use std::path::Path;

use async_channel::{Receiver, Sender};
use tokio::sync::oneshot;

use crate::script_db::Request;
use crate::statement::Kind;
use crate::{Error, Rows, ScriptDbConfig};
use link::Link;

/// The name of the database in its folder.
const FILE: &str = "scripts.db";

/// Statements that may wait for a thread; a caller beyond that waits without being queued.
const QUEUE: usize = 256;

/// The threads; they end with this value.
pub(crate) struct SqliteScripts {
    writes: Sender<Job>,
    reads: Sender<Job>,
}

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// What a thread is asked to do.
enum Job {
    Run(Request, Reply<Rows>),
}

impl SqliteScripts {
    /// Opens (and creates) `scripts.db` in the folder and starts its threads.
    pub(crate) fn open(folder: &Path, config: &ScriptDbConfig) -> Result<Self, Error> {
        let (writes, write_jobs) = async_channel::bounded(QUEUE);
        let (reads, read_jobs) = async_channel::bounded(QUEUE);
        // First, because it makes the file that the others open.
        let link = open::writer(folder, config)?;
        link.prune_effects();
        spawn("scripts-write", link, write_jobs)?;
        for _ in 0..config.connections.max(1) {
            spawn("scripts-read", open::reader(folder, config)?, read_jobs.clone())?;
        }
        Ok(Self { writes, reads })
    }

    pub(crate) async fn run(&self, request: Request) -> Result<Rows, Error> {
        let jobs = match request.statement.kind {
            Kind::Read if request.once.is_none() => &self.reads,
            _ => &self.writes,
        };
        ask(jobs, |reply| Job::Run(request, reply)).await
    }
}

async fn ask<T>(jobs: &Sender<Job>, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Error> {
    let (reply, answer) = oneshot::channel();
    jobs.send(job(reply)).await.map_err(|_| ended())?;
    answer.await.map_err(|_| ended())?
}

fn ended() -> Error {
    Error::Unavailable("its thread has ended".into())
}

fn spawn(name: &str, mut link: Link, jobs: Receiver<Job>) -> Result<(), Error> {
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            while let Ok(job) = jobs.recv_blocking() {
                link.take(job);
            }
        })
        .map(drop)
        .map_err(|error| Error::Open { what: name.into(), message: format!("no thread: {error}") })
}

impl Link {
    /// Does what is asked, unless whoever asked has gone.
    fn take(&mut self, job: Job) {
        match job {
            Job::Run(_, reply) if reply.is_closed() => {}
            // Sending fails if whoever asked has gone since; nobody misses the answer then.
            Job::Run(request, reply) => _ = reply.send(self.run(&request)),
        }
    }
}
