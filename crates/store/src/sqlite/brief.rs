//! Reading on the calling thread.
//!
//! Handing a statement to another thread and waiting for it costs two context switches, several times what looking a
//! row up costs. A look-up that an index answers is therefore better done where its caller is.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::open;
use crate::conn::ConnInner;
use crate::{Conn, Error};

/// Connections that wait for a caller; never more than there were callers at one time, which are the threads of the
/// runtime.
#[derive(Debug)]
pub(super) struct BriefReaders {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl BriefReaders {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default() }
    }

    /// Runs `f` now. A connection whose closure panics is not used again.
    pub(super) fn run<T, E: From<Error>>(&self, f: impl Fn(&mut Conn<'_>) -> Result<T, E>) -> Result<T, E> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => open::reader(&self.path)?,
        };
        let result = f(&mut Conn::new(ConnInner::Sqlite(&conn)));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        result
    }
}
