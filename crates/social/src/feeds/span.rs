//! A part of a feed.

use store::{Value, v};

use crate::Id;

/// Between two places, both excluded; newest first, unless it is to be read upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Everything is before this.
    pub below: Id,
    /// Everything is after this.
    pub above: Id,
    /// Whether to begin at the lower end.
    pub upwards: bool,
}

impl Default for Span {
    fn default() -> Self {
        Self { below: Id::MAX, above: Id(0), upwards: false }
    }
}

impl Span {
    /// From a place downwards.
    #[must_use]
    pub fn below(id: Id) -> Self {
        Self { below: id, ..Self::default() }
    }

    /// What is left of it after an entry.
    pub(super) fn after(self, at: Id) -> Self {
        if self.upwards { Self { above: at, ..self } } else { Self { below: at, ..self } }
    }

    /// The direction of the walk.
    pub(super) fn direction(self) -> &'static str {
        if self.upwards { "ASC" } else { "DESC" }
    }

    /// Its ends as parameters: everything is below `$1` and above `$2`.
    pub(super) fn ends(self) -> [Value<'static>; 2] {
        [v(self.below.0), v(self.above.0)]
    }

    /// The condition and the order of a column.
    pub(crate) fn of(self, column: &str) -> Walk {
        let Self { below: Id(below), above: Id(above), .. } = self;
        let direction = self.direction();
        Walk {
            condition: format!("{column} < {below} AND {column} > {above}"),
            order: format!("{column} {direction}"),
        }
    }

    /// Whether one place comes before another.
    pub(super) fn compare(self, one: Id, other: Id) -> std::cmp::Ordering {
        if self.upwards { one.cmp(&other) } else { other.cmp(&one) }
    }
}

/// A span in SQL.
pub(crate) struct Walk {
    pub(crate) condition: String,
    pub(crate) order: String,
}
