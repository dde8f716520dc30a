//! Figures in rows and columns.

use std::fmt;

use serde::Serialize;

use super::number::Rounded;

/// Rows that were measured alike.
#[derive(Debug, Serialize)]
pub struct Table {
    /// What the rows are; may be empty.
    pub title: String,
    /// What the columns are, with their units.
    pub columns: Vec<&'static str>,
    /// What was measured.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it is about.
    pub name: String,
    /// One number per column; NaN (in JSON null) where there is none.
    pub values: Vec<f64>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new<const N: usize>(title: impl Into<String>, columns: [&'static str; N]) -> Self {
        Self { title: title.into(), columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, name: impl Into<String>, values: [f64; N]) {
        debug_assert_eq!(N, self.columns.len());
        self.rows.push(Row { name: name.into(), values: values.to_vec() });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.rows.iter().map(|row| &row.name).chain([&self.title]);
        let first = names.map(|name| name.chars().count()).max().unwrap_or(0);
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.values.iter().map(|&value| Rounded(value).to_string()).collect())
            .collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| {
                let numbers = cells.iter().filter_map(|row| row.get(at)).map(String::len);
                numbers.chain([self.columns[at].chars().count()]).max().unwrap_or(0)
            })
            .collect();
        write!(f, "  {:<first$}", self.title)?;
        for (column, width) in self.columns.iter().zip(&widths) {
            write!(f, "  {column:>width$}")?;
        }
        writeln!(f)?;
        for (row, cells) in self.rows.iter().zip(&cells) {
            write!(f, "  {:<first$}", row.name)?;
            for (cell, width) in cells.iter().zip(&widths) {
                write!(f, "  {cell:>width$}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
