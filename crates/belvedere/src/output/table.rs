//! Rows with aligned columns.

use std::fmt;

/// Text in columns as wide as their widest cell. Columns of numbers are aligned to the right.
#[derive(Debug)]
pub(crate) struct Table<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// An empty table.
    pub(crate) fn new(headings: [&'static str; COLUMNS]) -> Self {
        Self { headings, rows: Vec::new() }
    }

    /// Adds a row. Line breaks and control characters become spaces: much of what is shown was written by strangers,
    /// and a terminal obeys what it is sent.
    pub(crate) fn row(&mut self, cells: [String; COLUMNS]) {
        self.rows.push(cells.map(|cell| cell.replace(char::is_control, " ")));
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].chars().count());
        cells.chain([self.headings[column].len()]).max().unwrap_or_default()
    }

    fn is_numeric(&self, column: usize) -> bool {
        let digit = |text: &str| text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit());
        !self.rows.is_empty() && self.rows.iter().all(|row| digit(&row[column]) && row[column].len() < 12)
    }
}

impl<const COLUMNS: usize> fmt::Display for Table<COLUMNS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout: [(usize, bool); COLUMNS] =
            std::array::from_fn(|column| (self.width(column), self.is_numeric(column)));
        let mut line = |cells: [&str; COLUMNS]| {
            let padded = cells.iter().zip(layout).map(|(cell, (width, numeric))| {
                if numeric { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            writeln!(f, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())
        };
        line(self.headings)?;
        self.rows.iter().try_for_each(|row| line(row.each_ref().map(String::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_control_characters_gone() {
        let mut table = Table::new(["NAME", "ROWS", "WHAT"]);
        table.row(["ä".into(), "5".into(), "first".into()]);
        table.row(["longer".into(), "12345".into(), "se\x1b[2Jcond\n".into()]);
        assert_eq!(
            table.to_string(),
            "NAME     ROWS  WHAT\nä           5  first\nlonger  12345  se [2Jcond\n"
        );
    }
}
