//! The embedded engine: one writing thread, a few reading threads, one file.

mod brief;
pub(crate) mod column;
mod group;
mod job;
mod open;
mod reader;
mod statement;
mod writer;

pub(crate) use statement::{batch, execute, for_each};

use std::path::{Path, PathBuf};

use crate::{Error, Tier};
use brief::BriefReaders;
use reader::ReadJob;
use writer::Writer;

/// Reads that may wait for a thread; a caller beyond that waits without being queued.
const QUEUE: usize = 1024;

/// The threads and files of one tier.
#[derive(Debug)]
pub(crate) struct SqliteDatabase {
    path: PathBuf,
    readers: usize,
    writer: Writer,
    reads: async_channel::Sender<Box<dyn ReadJob>>,
    brief: BriefReaders,
}

impl SqliteDatabase {
    /// Opens (and creates) the tier's file in `dir` and starts its threads.
    pub(crate) fn open(dir: &Path, tier: Tier, readers: usize) -> Result<Self, Error> {
        let path = dir.join(format!("{}.db", tier.name()));
        let (reads, read_jobs) = async_channel::bounded(QUEUE);
        let (writer, waiting) = Writer::new(open::writer(&path, tier)?, open::most_log_pages(tier))?;
        spawn(&format!("{}-writer", tier.name()), move || waiting.run())?;
        let readers = readers.max(1);
        for number in 0..readers {
            let (conn, jobs) = (open::reader(&path)?, read_jobs.clone());
            spawn(&format!("{}-reader-{number}", tier.name()), move || reader::run(&conn, &jobs))?;
        }
        let brief = BriefReaders::new(path.clone());
        Ok(Self { path, readers, writer, reads, brief })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many statements read at once; one writes beside them.
    pub(crate) fn readers(&self) -> usize {
        self.readers
    }

    pub(crate) async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut crate::Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        reader::submit(&self.reads, f).await
    }

    pub(crate) fn read_brief<T, E: From<Error>>(
        &self,
        f: impl Fn(&mut crate::Conn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.brief.run(f)
    }

    pub(crate) async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut crate::Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        self.writer.submit(f).await
    }

    pub(crate) async fn write_brief<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut crate::Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        self.writer.submit_brief(f).await
    }

    /// Copies the write-ahead log into the database file and empties it.
    pub(crate) async fn checkpoint(&self) -> Result<(), Error> {
        self.writer.checkpoint().await
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map(drop)
        .map_err(|error| Error::Open { what: format!("thread {name}"), message: error.to_string() })
}
