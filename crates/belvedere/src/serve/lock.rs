//! One server per data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::failure::Failure;

/// The name of the file in the data folder that is locked; it holds the process id.
const FILE: &str = "belvedere.lock";

/// The lock on a data folder; held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DataDirLock(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

impl DataDirLock {
    /// Takes the lock, or says which process has it.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                // For the message below only; a full disk shall not keep the server from answering what it has.
                let written = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                if let Err(error) = written {
                    tracing::warn!(%error, path = %path.display(), "cannot write down the process id");
                }
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => Err(taken(dir, &mut file).into()),
            Err(TryLockError::Error(error)) => Err(error).context(format!("cannot lock {}", path.display())),
        }
    }
}

/// The process id of the server that works in a data folder, as text; `None` if there is no server or its folder.
pub(crate) fn holder(dir: &Path) -> Option<String> {
    let path = dir.join(FILE);
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            Some(std::fs::read_to_string(&path).unwrap_or_default().trim().to_owned())
        }
        _ => None,
    }
}

fn taken(dir: &Path, file: &mut File) -> Failure {
    let mut holder = String::new();
    let pid = file.read_to_string(&mut holder).ok().and_then(|_| holder.trim().parse::<u32>().ok());
    let who = pid.map(|pid| format!(" with process id {pid}")).unwrap_or_default();
    Failure::new(
        format!("another server{who} uses the data folder {}", dir.display()),
        "stop it, or give this one a folder of its own with --data-dir DIR",
    )
}
