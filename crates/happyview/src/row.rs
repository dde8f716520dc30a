//! One row, by the names of its columns.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::cell::Cell;
use crate::{Closed, EncryptionKey, Plaintext, closed, moment};

/// Why a row makes no sense.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) String);

/// A row while it is being read. A column that the database does not have is one that holds nothing.
#[derive(Debug)]
pub(crate) struct Row(HashMap<&'static str, Cell>);

impl Row {
    pub(crate) fn new(cells: impl IntoIterator<Item = (&'static str, Cell)>) -> Self {
        Self(cells.into_iter().collect())
    }

    fn cell(&self, name: &str) -> &Cell {
        self.0.get(name).unwrap_or(&Cell::Null)
    }

    pub(crate) fn opt_text(&self, name: &'static str) -> Result<Option<String>, Problem> {
        Ok(Some(match self.cell(name) {
            Cell::Null => return Ok(None),
            Cell::Text(text) => text.clone(),
            Cell::Int(number) => number.to_string(),
            Cell::Real(number) => number.to_string(),
            Cell::Bytes(_) => return Err(wrong(name, "holds bytes where text belongs")),
            Cell::TooLong => return Err(wrong(name, "holds more than 8 MiB")),
            Cell::Garbled => return Err(wrong(name, "holds text that is not UTF-8")),
        }))
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<String, Problem> {
        self.opt_text(name)?.ok_or_else(|| wrong(name, "is empty"))
    }

    pub(crate) fn opt_int(&self, name: &'static str) -> Result<Option<i64>, Problem> {
        let Some(text) = self.opt_text(name)? else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|_| wrong(name, "holds no whole number"))
    }

    pub(crate) fn opt_real(&self, name: &'static str) -> Result<Option<f64>, Problem> {
        let Some(text) = self.opt_text(name)? else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|_| wrong(name, "holds no number"))
    }

    pub(crate) fn bool(&self, name: &'static str, absent: bool) -> Result<bool, Problem> {
        let Some(text) = self.opt_text(name)? else { return Ok(absent) };
        match text.to_ascii_lowercase().as_str() {
            "1" | "t" | "true" => Ok(true),
            "0" | "f" | "false" => Ok(false),
            _ => Err(wrong(name, "holds neither yes nor no")),
        }
    }

    /// A time that may be lost without harm: what cannot be read is absent.
    pub(crate) fn moment(&self, name: &'static str) -> Option<OffsetDateTime> {
        self.opt_text(name).ok().flatten().and_then(|text| moment::parse(&text))
    }

    /// The time of something whose having happened matters more than when: what cannot be read is long ago.
    pub(crate) fn happened(&self, name: &'static str) -> Option<OffsetDateTime> {
        match self.cell(name) {
            Cell::Null => None,
            _ => Some(self.moment(name).unwrap_or(OffsetDateTime::UNIX_EPOCH)),
        }
    }

    /// A JSON array of strings.
    pub(crate) fn opt_list(&self, name: &'static str) -> Result<Option<Vec<String>>, Problem> {
        let Some(text) = self.opt_text(name)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|_| wrong(name, "is no JSON array of strings"))
    }

    /// What belongs to the row in another table.
    pub(crate) fn related<const N: usize>(
        &self,
        name: &'static str,
    ) -> Result<Vec<[Option<String>; N]>, Problem> {
        let Some(text) = self.opt_text(name)? else { return Ok(Vec::new()) };
        let rows: Vec<Vec<Option<String>>> =
            serde_json::from_str(&text).map_err(|_| wrong(name, "cannot be read"))?;
        rows.into_iter().map(|row| row.try_into().map_err(|_| wrong(name, "cannot be read"))).collect()
    }

    /// A secret; `None` where there is none.
    pub(crate) fn secret(
        &self,
        name: &'static str,
        key: Option<&EncryptionKey>,
    ) -> Option<Result<Plaintext, Closed>> {
        match self.cell(name) {
            Cell::Null => None,
            cell => Some(closed::open(cell, key)),
        }
    }

    /// Whether the column holds bytes.
    pub(crate) fn is_bytes(&self, name: &str) -> bool {
        matches!(self.cell(name), Cell::Bytes(_))
    }

    /// What to call the row where it cannot be read: its first columns, as far as they are text.
    pub(crate) fn name(&self, columns: &[&'static str]) -> String {
        let text = columns.iter().find_map(|column| self.opt_text(column).ok().flatten());
        text.unwrap_or_else(|| "a row without a name".to_owned()).chars().take(80).collect()
    }
}

fn wrong(name: &str, problem: &str) -> Problem {
    Problem(format!("its {name} {problem}"))
}
