//! The lines of a dump on their way out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::format::{End, Mark};
use super::{DumpError, MAX_LINE};

/// A line goes out in pieces of about this many bytes: a row may be far larger as a line than it is.
const PIECE: usize = 1 << 20;

/// Compressed lines and their sum.
pub(super) struct Lines<W: Write> {
    to: zstd::Encoder<'static, W>,
    sum: Context,
    /// What of the line has not gone out yet.
    piece: Vec<u8>,
    /// Of the line that has gone out.
    bytes: usize,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(to: W) -> io::Result<Self> {
        let mut to = zstd::Encoder::new(to, zstd::DEFAULT_COMPRESSION_LEVEL)?;
        to.include_checksum(true)?;
        Ok(Self { to, sum: Context::new(&SHA256), piece: Vec::new(), bytes: 0 })
    }

    /// Nothing that was written is a dump if this fails.
    pub(super) fn line(&mut self, line: &impl Serialize, table: &str) -> Result<(), DumpError> {
        self.bytes = 0;
        serde_json::to_writer(&mut *self, line).map_err(|error| DumpError::writing(error.into()))?;
        self.piece.push(b'\n');
        self.flush().map_err(DumpError::writing)?;
        if self.bytes > MAX_LINE {
            return Err(DumpError::TooLong { table: table.to_owned(), bytes: self.bytes });
        }
        Ok(())
    }

    pub(super) fn finish(mut self, tables: BTreeMap<String, u64>) -> Result<W, DumpError> {
        let sha256 = HEXLOWER.encode(self.sum.clone().finish().as_ref());
        self.line(&Mark::End(End { tables, sha256 }), "")?;
        let mut to = self.to.finish().map_err(DumpError::writing)?;
        to.flush().map_err(DumpError::writing)?;
        Ok(to)
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    /// Hands on what has gathered; the compressor keeps what it likes.
    fn flush(&mut self) -> io::Result<()> {
        self.bytes += self.piece.len();
        self.sum.update(&self.piece);
        self.to.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}
