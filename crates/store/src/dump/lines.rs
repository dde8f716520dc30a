//! The lines of a dump on their way out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::format::{End, Mark};
use super::{DumpError, MAX_LINE};

/// Compressed lines and their sum.
pub(super) struct Lines<W: Write> {
    to: zstd::Encoder<'static, W>,
    sum: Context,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(to: W) -> io::Result<Self> {
        let mut to = zstd::Encoder::new(to, zstd::DEFAULT_COMPRESSION_LEVEL)?;
        to.include_checksum(true)?;
        Ok(Self { to, sum: Context::new(&SHA256), line: Vec::new() })
    }

    pub(super) fn write(&mut self, line: &impl Serialize, table: &str) -> Result<(), DumpError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line).map_err(|error| DumpError::writing(error.into()))?;
        self.line.push(b'\n');
        if self.line.len() > MAX_LINE {
            return Err(DumpError::TooLong { table: table.to_owned(), bytes: self.line.len() });
        }
        self.sum.update(&self.line);
        self.to.write_all(&self.line).map_err(DumpError::writing)
    }

    pub(super) fn finish(mut self, tables: BTreeMap<String, u64>) -> Result<W, DumpError> {
        let sha256 = HEXLOWER.encode(self.sum.clone().finish().as_ref());
        self.write(&Mark::End(End { tables, sha256 }), "")?;
        let mut to = self.to.finish().map_err(DumpError::writing)?;
        to.flush().map_err(DumpError::writing)?;
        Ok(to)
    }
}
