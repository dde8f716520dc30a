//! Rows in pages that are bounded in number and in bytes.

use serde_json::value::RawValue;

/// A row that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it begins with.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Bytes of the longest row that is read; the largest texts that servers keep fit.
pub const MAX_ROW: usize = 96 << 20;

const MAX_ROWS: usize = 500;
const MAX_BYTES: usize = 4 << 20;

/// Rows that are handed out together.
#[derive(Debug, Default)]
pub struct Page {
    rows: Vec<Result<Box<RawValue>, Unreadable>>,
    bytes: usize,
}

impl Page {
    /// Whether it should be handed out before more is put in.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MAX_ROWS || self.bytes >= MAX_BYTES
    }

    /// Takes a row as text.
    pub fn push(&mut self, row: String) {
        self.bytes += row.len();
        if row.len() > MAX_ROW {
            return self.refuse(&row, "it is longer than 96 MiB");
        }
        match object(row) {
            Ok(row) => self.rows.push(Ok(row)),
            Err((row, problem)) => self.refuse(&row, &problem),
        }
    }

    /// What is in it.
    #[must_use]
    pub fn into_rows(self) -> Vec<Result<Box<RawValue>, Unreadable>> {
        self.rows
    }

    /// Puts a row that cannot be taken in its place.
    pub fn refuse(&mut self, row: &str, problem: &str) {
        let name = row.chars().take(60).collect();
        self.rows.push(Err(Unreadable { name, problem: problem.to_owned() }));
    }
}

fn object(row: String) -> Result<Box<RawValue>, (String, String)> {
    if !row.starts_with('{') {
        return Err((row, "it is no JSON object".to_owned()));
    }
    match serde_json::from_str::<&RawValue>(&row) {
        Ok(raw) => Ok(raw.to_owned()),
        Err(error) => {
            let problem = format!("it cannot be read: {error}");
            Err((row, problem))
        }
    }
}
