//! What is in a dump.

use std::collections::BTreeMap;

use super::Header;
use super::scripts::PREFIX;

/// What a dump holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Where it comes from.
    pub header: Header,
    /// Rows of each table; those that scripts made are called `scripts.NAME`.
    pub tables: BTreeMap<String, u64>,
}

impl Summary {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.values().sum()
    }

    /// How many of the tables are those of scripts.
    #[must_use]
    pub fn script_tables(&self) -> usize {
        self.tables.keys().filter(|table| table.starts_with(PREFIX)).count()
    }

    /// Forgets the tables of scripts, because they were not restored; how many there were.
    pub fn leave_out_scripts(&mut self) -> usize {
        let all = self.tables.len();
        self.tables.retain(|table, _| !table.starts_with(PREFIX));
        all - self.tables.len()
    }
}
