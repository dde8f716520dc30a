//! Rows of a file, read on a thread where waiting for the disk keeps nobody.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use atcr::{Error, Source, Unreadable};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Rows that are taken over in one transaction.
const PAGE: usize = 500;

/// What one is given a row at a time.
type Read<'t, T> = &'t mut dyn FnMut(Result<T, Unreadable>);

/// Rows in their order, a page at a time. Few are in memory at once.
pub(super) struct Pages<T> {
    pages: mpsc::Receiver<Vec<Result<T, Unreadable>>>,
    reader: JoinHandle<Result<(), Error>>,
}

impl<T: Send + 'static> Pages<T> {
    pub(super) fn of(
        source: &Arc<Mutex<Source>>,
        read: impl FnOnce(&Source, Read<'_, T>) -> Result<(), Error> + Send + 'static,
    ) -> Self {
        let (to, pages) = mpsc::channel(1);
        let source = source.clone();
        let reader = spawn_blocking(move || {
            let source = source.lock().unwrap_or_else(PoisonError::into_inner);
            let mut page = Vec::with_capacity(PAGE);
            read(&source, &mut |row| {
                page.push(row);
                if page.len() == PAGE {
                    // Whoever has gone away reads no more; the rest is read for nobody.
                    let _ = to.blocking_send(std::mem::take(&mut page));
                }
            })?;
            let _ = to.blocking_send(page);
            Ok(())
        });
        Self { pages, reader }
    }

    /// The next page; nothing after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Result<T, Unreadable>>>> {
        match self.pages.recv().await {
            Some(page) => Ok(Some(page)),
            None => {
                (&mut self.reader).await.context("reading the file")??;
                Ok(None)
            }
        }
    }
}
