//! What to ask for of one kind of thing.

/// A table, the columns that are known, and what belongs to its rows in other tables.
#[derive(Debug)]
pub(crate) struct Plan {
    /// As HappyView names it without a prefix.
    pub(crate) table: &'static str,
    /// Those that are not there are absent.
    pub(crate) columns: &'static [&'static str],
    /// Without one of these there is nothing to read: the table of a version that kept such things elsewhere.
    pub(crate) any_of: &'static [&'static str],
    pub(crate) related: &'static [Related],
    /// In which order rows come, of columns that may not be there.
    pub(crate) order: &'static [Order],
    /// Only rows where this column is NULL; none if there is no such column.
    pub(crate) only_null: Option<&'static str>,
}

impl Plan {
    pub(crate) const fn new(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns, any_of: &[], related: &[], order: &[], only_null: None }
    }
}

/// Rows of another table that belong to one of this table.
#[derive(Debug)]
pub(crate) struct Related {
    /// The name under which the row has them: a JSON array of arrays of text.
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// The column there that holds …
    pub(crate) by: &'static str,
    /// … what this column here holds.
    pub(crate) of: &'static str,
}

/// One part of an order.
#[derive(Debug)]
pub(crate) enum Order {
    /// From small to large.
    By(&'static str),
    /// Rows with NULL in this column before those without.
    NullFirst(&'static str),
}
