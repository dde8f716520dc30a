//! The bytes of blobs that scripts have downloaded (spec/appview.md §5.10).
//!
//! A script has a name for each, the host has the bytes. They are in memory, so they are accounted for as they come: by the run,
//! and by all runs together.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use lua::HostError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// In which memory is given out.
const STEP: usize = 1 << 20;

/// Steps that the blobs of one run may take.
const STEPS_OF_A_RUN: usize = 50;

/// Steps that the blobs of all runs together may take.
const STEPS_IN_ALL: usize = 256;

/// Bytes that the blobs of one run may have.
pub(super) const MAX_BYTES: usize = STEP * STEPS_OF_A_RUN;

/// Memory for the blobs of all runs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct BlobMemory(Arc<Semaphore>);

/// The blobs of one run.
pub(crate) struct Blobs {
    held: Mutex<HashMap<String, Blob>>,
    memory: Arc<Semaphore>,
}

/// One of them.
#[derive(Clone)]
pub(crate) struct Blob {
    pub(crate) bytes: Bytes,
    pub(crate) mime_type: String,
    _memory: Arc<Memory>,
}

struct Memory {
    of_run: OwnedSemaphorePermit,
    in_all: OwnedSemaphorePermit,
}

/// One that is still coming.
pub(crate) struct Coming {
    bytes: Vec<u8>,
    memory: Memory,
    run: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

impl BlobMemory {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(STEPS_IN_ALL)))
    }
}

impl Default for Blobs {
    fn default() -> Self {
        Self { held: Mutex::default(), memory: Arc::new(Semaphore::new(STEPS_OF_A_RUN)) }
    }
}

impl Blobs {
    /// Takes in a blob piece by piece. However small, each takes a step.
    pub(crate) fn begin(&self, all: &BlobMemory) -> Result<Coming, HostError> {
        let memory = Memory { of_run: step(&self.memory, true)?, in_all: step(&all.0, false)? };
        let (run, all) = (Arc::clone(&self.memory), Arc::clone(&all.0));
        Ok(Coming { bytes: Vec::with_capacity(STEP), memory, run, all })
    }

    /// Keeps it under a name, which no other run has, and which is of no use to one.
    pub(crate) fn keep(&self, coming: Coming, mime_type: String) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("blob-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let blob = Blob { bytes: coming.bytes.into(), mime_type, _memory: Arc::new(coming.memory) };
        self.held.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), blob);
        name
    }

    /// The blob of a name.
    pub(crate) fn get(&self, name: &str) -> Option<Blob> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

impl Coming {
    /// What has come so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes in a piece.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), HostError> {
        while self.bytes.capacity() - self.bytes.len() < piece.len() {
            self.memory.of_run.merge(step(&self.run, true)?);
            self.memory.in_all.merge(step(&self.all, false)?);
            self.bytes.reserve_exact(self.bytes.capacity() + STEP - self.bytes.len());
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

fn step(of: &Arc<Semaphore>, is_run: bool) -> Result<OwnedSemaphorePermit, HostError> {
    let full = || {
        HostError::new(if is_run {
            format!("the blobs of one run have {STEPS_OF_A_RUN} MiB at most, at least one each")
        } else {
            "the server holds as many blobs of scripts as it can; try again later".to_owned()
        })
    };
    Arc::clone(of).try_acquire_owned().map_err(|_| full())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(blobs: &Blobs, all: &BlobMemory, bytes: usize) -> Result<String, HostError> {
        let mut coming = blobs.begin(all)?;
        for piece in vec![7; bytes].chunks(100_000) {
            coming.push(piece)?;
        }
        assert_eq!(coming.bytes().len(), bytes);
        Ok(blobs.keep(coming, "image/png".to_owned()))
    }

    #[test]
    fn a_name_is_good_in_its_run_only() {
        let (all, one, two) = (BlobMemory::new(), Blobs::default(), Blobs::default());
        let (first, second) = (fill(&one, &all, 3).unwrap(), fill(&two, &all, 5).unwrap());
        assert_eq!(one.get(&first).unwrap().bytes, [7; 3].as_slice());
        assert!(one.get(&second).is_none() && two.get(&first).is_none());
    }

    #[test]
    fn a_run_holds_so_much_and_no_more() {
        let (all, run) = (BlobMemory::new(), Blobs::default());
        fill(&run, &all, MAX_BYTES - STEP).unwrap();
        fill(&run, &all, STEP).unwrap();
        assert!(fill(&run, &all, 0).unwrap_err().message.contains("50 MiB at most"));
        assert!(fill(&Blobs::default(), &all, MAX_BYTES + 1).is_err());
        assert_eq!(all.0.available_permits(), STEPS_IN_ALL - STEPS_OF_A_RUN, "what failed holds nothing");
        drop(run);
        assert_eq!(all.0.available_permits(), STEPS_IN_ALL, "nor does what is over");
    }

    #[test]
    fn all_runs_together_hold_so_much_and_no_more() {
        let all = BlobMemory::new();
        let runs: Vec<Blobs> = (0..6).map(|_| Blobs::default()).collect();
        let filled = runs.iter().filter(|run| fill(run, &all, MAX_BYTES).is_ok()).count();
        assert_eq!(filled, 5);
        assert!(fill(&runs[5], &all, 8 * STEP).unwrap_err().message.contains("try again later"));
    }
}
