//! Which tables exist, in which tier, and how they came to be.

/// How long a table's content must live, and where it may be had again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Durable: can be had from nowhere else. Backed up; a committed write survives power loss.
    State,
    /// Rebuildable: a view of somebody else's truth. Losing it costs time only.
    Index,
}

impl Tier {
    /// Every tier, in the order they are opened.
    pub const ALL: [Self; 2] = [Self::State, Self::Index];

    /// The PostgreSQL schema and the stem of the SQLite file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Index => "index",
        }
    }
}

/// The tables that one crate keeps in one tier.
#[derive(Debug)]
pub struct Schema {
    /// Names the owner in the migration table; never changes.
    pub name: &'static str,
    /// Where all its tables live.
    pub tier: Tier,
    /// Exactly the tables the migrations leave behind; opening fails when the database disagrees.
    pub tables: &'static [&'static str],
    /// Applied in order of `id`; never edited once released.
    pub migrations: &'static [Migration],
}

/// One step of a schema's history, in the words of each engine.
#[derive(Debug)]
pub struct Migration {
    /// Greater than that of its predecessor.
    pub id: u32,
    /// For people.
    pub name: &'static str,
    /// Statements for SQLite.
    pub sqlite: &'static str,
    /// Statements for PostgreSQL.
    pub postgres: &'static str,
}
