//! A dump: lines in a file, whose order does not matter, as each table is read in a pass of its own.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use postgres_source::{MAX_ROW, Page};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::{Error, Table};

#[derive(Debug)]
pub(crate) struct Dump {
    pub(crate) path: PathBuf,
    /// Lines of each table.
    pub(crate) counts: HashMap<Table, u64>,
    /// Lines that are of no table.
    pub(crate) strange: u64,
}

/// A line, as far as it must be known.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    table: Cow<'l, str>,
    #[serde(borrow)]
    row: &'l RawValue,
}

impl Dump {
    /// Counts what there is.
    pub(crate) async fn open(path: &Path) -> Result<Self, Error> {
        let failed = |message: std::io::Error| Error::Open {
            what: path.display().to_string(),
            message: message.to_string(),
        };
        let mut lines = Lines::open(path).await.map_err(failed)?;
        let (mut counts, mut strange) = (HashMap::new(), 0);
        while let Some(line) = lines.next().await.map_err(failed)? {
            match table_of(line) {
                Some(name) => {
                    if let Some(table) = Table::ALL.into_iter().find(|table| table.name() == name) {
                        *counts.entry(table).or_default() += 1;
                    }
                }
                None => strange += 1,
            }
        }
        Ok(Self { path: path.to_owned(), counts, strange })
    }
}

/// The name of a line's table. The line may have been cut.
fn table_of(line: &[u8]) -> Option<Cow<'_, str>> {
    let start = line.strip_prefix(br#"{"table":""#)?;
    let end = start.iter().take(100).position(|byte| *byte == b'"')?;
    std::str::from_utf8(&start[..end]).ok().map(Cow::Borrowed)
}

/// The lines of one table.
pub(crate) struct TableLines {
    lines: Lines,
    table: Table,
}

impl TableLines {
    pub(crate) async fn open(path: &Path, table: Table) -> std::io::Result<Self> {
        Ok(Self { lines: Lines::open(path).await?, table })
    }

    pub(crate) async fn next_page(&mut self) -> std::io::Result<Page> {
        let mut page = Page::default();
        while !page.is_full() {
            let Some(line) = self.lines.next().await? else { break };
            if table_of(line).as_deref() != Some(self.table.name()) {
                continue;
            }
            if line.len() > MAX_ROW {
                page.refuse(&String::from_utf8_lossy(&line[..100]), "it is longer than 96 MiB");
                continue;
            }
            match serde_json::from_slice::<Line<'_>>(line) {
                Ok(line) if line.table == self.table.name() => page.push(line.row.get().to_owned()),
                Ok(_) => {}
                Err(error) => {
                    let start = &line[..line.len().min(100)];
                    page.refuse(&String::from_utf8_lossy(start), &format!("it cannot be read: {error}"));
                }
            }
        }
        Ok(page)
    }
}

/// Reads lines, of each no more than it may have and one byte.
struct Lines {
    file: BufReader<File>,
    line: Vec<u8>,
}

impl Lines {
    async fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self { file: BufReader::with_capacity(1 << 16, File::open(path).await?), line: Vec::new() })
    }

    async fn next(&mut self) -> std::io::Result<Option<&[u8]>> {
        self.line.clear();
        let mut is_there = false;
        loop {
            let buffer = self.file.fill_buf().await?;
            if buffer.is_empty() {
                return Ok(is_there.then_some(&self.line));
            }
            is_there = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            let room = (MAX_ROW + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(end.is_some());
            self.file.consume(used);
            if end.is_some() {
                return Ok(Some(&self.line));
            }
        }
    }
}
