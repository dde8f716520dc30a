//! How far an upload is.

use std::fs::File;
use std::io::{self, ErrorKind, IoSlice, Write};
use std::os::unix::fs::FileExt;

use oci::{Algorithm, Digest, Hasher};

/// What is read at once to be hashed, in bytes.
const CHUNK: usize = 256 * 1024;

/// The length of a file and the hash of all of it.
pub(in crate::folder) struct Progress {
    pub(super) offset: u64,
    hasher: Hasher,
}

impl Progress {
    /// Of an empty file.
    pub(super) fn new(algorithm: Algorithm) -> Self {
        Self { offset: 0, hasher: Hasher::of(algorithm) }
    }

    /// Of what is in a file already.
    pub(super) fn of(file: &File, algorithm: Algorithm) -> io::Result<Self> {
        let (mut progress, mut chunk) = (Self::new(algorithm), vec![0; CHUNK]);
        loop {
            match file.read_at(&mut chunk, progress.offset) {
                Ok(0) => return Ok(progress),
                Ok(length) => {
                    progress.hasher.update(&chunk[..length]);
                    progress.offset += length as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes to the end of the file and hashes exactly what was written, also if that is not all.
    pub(super) fn write(&mut self, file: &mut File, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        IoSlice::advance_slices(&mut slices, 0);
        while !slices.is_empty() {
            let written = match file.write_vectored(slices) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => written,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let mut left = written;
            for slice in slices.iter() {
                let length = left.min(slice.len());
                self.hasher.update(&slice[..length]);
                left -= length;
            }
            self.offset += written as u64;
            IoSlice::advance_slices(&mut slices, written);
        }
        Ok(())
    }

    /// How it is hashed.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.hasher.algorithm()
    }

    /// Of what came so far.
    pub(super) fn digest(&self) -> Digest {
        self.hasher.clone().finish().first()
    }
}
