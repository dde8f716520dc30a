//! Reading a dump, and finding out whether it is whole.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Read};

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use serde::de::DeserializeSeed;

use super::at_most::AtMost;
use super::cell::Cell;
use super::format::{End, Mark, PLAIN, Probe, WITH_SCRIPTS};
use super::scripts::{MAX_TABLES, ScriptTable};
use super::table::Table;
use super::{DumpError, Header, MAX_LINE, MAX_NAME, Summary};

/// The longest distance back that a decompressor is asked to remember, as a power of two: 8 MiB is what our level uses.
const MAX_WINDOW_LOG: u32 = 23;

/// More tables than the state will ever have: what is counted for each is kept in memory.
const MAX_STATE_TABLES: usize = 10_000;

/// Reads a dump to its end. Succeeds only if it is whole and unaltered.
pub fn check(from: impl Read) -> Result<Summary, DumpError> {
    let mut dump = DumpReader::open(from)?;
    while dump.next()?.is_some() {}
    Ok(dump.into_summary())
}

/// What comes next in a dump.
pub(super) enum Item {
    /// Rows of this table follow.
    Table(Table),
    /// Rows of this table of scripts follow.
    ScriptTable(ScriptTable),
    /// A row with a value for every column of the table before it.
    Row(Vec<Cell>),
}

/// Reads line by line; a damage is noticed at the end at the latest, so nothing is to be kept before.
pub(super) struct DumpReader<R: Read> {
    lines: BufReader<zstd::Decoder<'static, BufReader<R>>>,
    line: Vec<u8>,
    sum: Context,
    header: Header,
    counts: BTreeMap<String, u64>,
    /// The table that rows belong to now, and how many columns it has.
    table: Option<(String, usize)>,
    rows: u64,
    /// How many there were until now.
    script_tables: usize,
}

impl<R: Read> DumpReader<R> {
    pub(super) fn open(from: R) -> Result<Self, DumpError> {
        let mut decoder = zstd::Decoder::new(from).map_err(DumpError::reading)?;
        decoder.window_log_max(MAX_WINDOW_LOG).map_err(DumpError::reading)?;
        let mut lines = BufReader::new(decoder);
        let mut line = Vec::new();
        // What cannot even be decompressed at its beginning is another kind of file.
        read_line(&mut lines, &mut line).map_err(|error| match error {
            DumpError::Damaged(_) => DumpError::Foreign,
            other => other,
        })?;
        let origin = serde_json::from_slice::<Probe>(&line).map_err(|_| DumpError::Foreign)?.backup;
        if !(PLAIN..=WITH_SCRIPTS).contains(&origin.format) {
            return Err(DumpError::format(&origin));
        }
        let Ok(Mark::Backup(header)) = serde_json::from_slice(&line) else {
            return Err(DumpError::damaged("its first line is incomplete"));
        };
        let mut sum = Context::new(&SHA256);
        sum.update(&line);
        Ok(Self { lines, line, sum, header, counts: BTreeMap::new(), table: None, rows: 0, script_tables: 0 })
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    pub(super) fn into_summary(self) -> Summary {
        Summary { header: self.header, tables: self.counts }
    }

    /// The sum of all lines until now, and how many rows each table has.
    pub(super) fn so_far(mut self) -> (Context, BTreeMap<String, u64>) {
        self.end_table();
        (self.sum, self.counts)
    }

    /// `None` once everything has been read and agrees with what the last line says.
    pub(super) fn next(&mut self) -> Result<Option<Item>, DumpError> {
        read_line(&mut self.lines, &mut self.line)?;
        if self.line.first() == Some(&b'[') {
            self.sum.update(&self.line);
            return self.row().map(Some);
        }
        match serde_json::from_slice(&self.line) {
            Ok(Mark::Table(mark)) => {
                self.sum.update(&self.line);
                if self.script_tables > 0 {
                    return Err(DumpError::damaged(format!(
                        "table {} comes after those of scripts",
                        mark.name
                    )));
                }
                self.end_table();
                if self.counts.len() >= MAX_STATE_TABLES {
                    return Err(DumpError::damaged("it has more tables than there can be"));
                }
                self.begin_table(mark.name.clone(), mark.columns.len())?;
                Ok(Some(Item::Table(Table { name: mark.name, columns: mark.columns })))
            }
            Ok(Mark::ScriptTable(mark)) => {
                self.sum.update(&self.line);
                self.script_tables += 1;
                if self.header.format < WITH_SCRIPTS || self.script_tables > MAX_TABLES {
                    return Err(DumpError::damaged("it has tables of scripts that it cannot have"));
                }
                let table = ScriptTable { name: mark.name, create: mark.create, columns: mark.columns };
                self.begin_table(table.counted_as(), table.columns.len())?;
                Ok(Some(Item::ScriptTable(table)))
            }
            Ok(Mark::End(end)) => {
                self.end_table();
                self.verify(&end).map(|()| None)
            }
            Ok(Mark::Backup(_)) => Err(DumpError::damaged("it begins twice")),
            Err(error) => Err(DumpError::damaged(format!("a line cannot be read ({error})"))),
        }
    }

    fn row(&mut self) -> Result<Item, DumpError> {
        let Some((table, columns)) = &self.table else {
            return Err(DumpError::damaged("a row belongs to no table"));
        };
        let wrong = |why: String| DumpError::damaged(format!("a row of table {table} {why}"));
        let mut line = serde_json::Deserializer::from_slice(&self.line);
        let cells = AtMost::<Cell>::new(*columns).deserialize(&mut line);
        let cells = cells.and_then(|cells| line.end().map(|()| cells));
        let cells = cells.map_err(|error| wrong(format!("cannot be read ({error})")))?;
        if cells.len() != *columns {
            return Err(wrong(format!("has {} values for {columns} columns", cells.len())));
        }
        self.rows += 1;
        Ok(Item::Row(cells))
    }

    fn begin_table(&mut self, name: String, columns: usize) -> Result<(), DumpError> {
        self.end_table();
        if name.len() > MAX_NAME {
            return Err(DumpError::damaged("the name of a table is too long"));
        }
        if self.counts.contains_key(&name) {
            return Err(DumpError::damaged(format!("table {name} comes twice")));
        }
        self.table = Some((name, columns));
        Ok(())
    }

    fn end_table(&mut self) {
        if let Some((table, _)) = self.table.take() {
            self.counts.insert(table, std::mem::take(&mut self.rows));
        }
    }

    fn verify(&mut self, end: &End) -> Result<(), DumpError> {
        if end.tables != self.counts {
            return Err(DumpError::damaged("rows are missing"));
        }
        let is_whole = HEXLOWER.encode(self.sum.clone().finish().as_ref()) == end.sha256;
        if !is_whole && !faults::mutant!("store-dump-sum-not-compared") {
            return Err(DumpError::damaged("its content is not what was written"));
        }
        let rest = self.lines.fill_buf().map_err(DumpError::reading)?;
        if rest.is_empty() { Ok(()) } else { Err(DumpError::damaged("something follows its end")) }
    }
}

/// Reads the next line into `line`, which is never empty afterwards.
fn read_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> Result<(), DumpError> {
    line.clear();
    let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX);
    from.by_ref().take(limit).read_until(b'\n', line).map_err(DumpError::reading)?;
    match line.last() {
        Some(b'\n') => Ok(()),
        _ if line.len() >= MAX_LINE => Err(DumpError::damaged("a line is too long")),
        _ => Err(DumpError::reading(ErrorKind::UnexpectedEof.into())),
    }
}
