//! A collection cut into stretches of bounded length, so that no statement looks at all of it.

use store::Conn;

use super::Budget;
use super::part::Part;
use crate::place::Place;
use crate::sql::Sql;
use crate::{Direction, Error};

/// Rows of the first window: enough for a page whose filter most records pass.
pub(super) const FIRST: i64 = 256;

/// Rows of the largest window, which take some 20 ms.
const LARGEST: i64 = 8192;

/// Rows of the window after one of so many: whoever is not done soon has far to go.
pub(crate) fn grown(rows: i64) -> i64 {
    (rows * 4).min(LARGEST)
}

/// The windows of a part, one after the other, in order of time.
pub(crate) struct Windows {
    part: Part,
    direction: Direction,
    budget: Budget,
    rows: i64,
    /// Where the next one begins; `None` when there is none.
    after: Option<Place>,
}

/// The places after `after`, up to and including `to`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    direction: Direction,
    after: Place,
    /// `None` for all the rest.
    to: Option<Place>,
}

impl Windows {
    pub(crate) fn new(part: Part, direction: Direction, after: Option<Place>, budget: Budget) -> Self {
        let after = Some(after.unwrap_or(direction.start()));
        Self { part, direction, budget, rows: FIRST, after }
    }

    /// Everything that is left, as one window.
    pub(crate) fn take_rest(&mut self) -> Option<Window> {
        self.after.take().map(|after| Window { direction: self.direction, after, to: None })
    }

    /// The next window; an error when the time is over.
    pub(crate) fn next(&mut self, conn: &mut Conn<'_>) -> Result<Option<Window>, Error> {
        let Some(rest) = self.take_rest() else { return Ok(None) };
        self.budget.check()?;
        let mut sql = Sql::new(conn.engine());
        sql.push("SELECT r.created_at, r.id FROM ");
        self.part.table(&mut sql);
        sql.push(" WHERE ");
        self.part.condition(&mut sql);
        sql.push(" AND ");
        rest.condition(&mut sql);
        rest.order(&mut sql);
        sql.push(" LIMIT 1 OFFSET ").bind(self.rows - 1);
        let to = conn.query_opt(sql.text(), &sql.values(), |row| Ok::<_, Error>(Place::from_row(row, 0)?))?;
        self.rows = grown(self.rows);
        self.after = to;
        Ok(Some(Window { to, ..rest }))
    }
}

impl Window {
    /// Appends that the row `r` is in the window. The comparisons of times alone are implied by the others, but they are
    /// what an index can seek with.
    pub(crate) fn condition(&self, sql: &mut Sql) {
        let after = self.direction.after();
        compare(sql, after, self.after);
        if let Some(to) = self.to {
            sql.push(" AND ");
            // Up to `to` is whatever does not come after it.
            compare(sql, if after == "<" { ">=" } else { "<=" }, to);
        }
    }

    /// Appends the order in which windows follow each other.
    pub(crate) fn order(&self, sql: &mut Sql) {
        let direction = self.direction.sql();
        sql.push(" ORDER BY r.created_at ").push(direction).push(", r.id ").push(direction);
    }
}

fn compare(sql: &mut Sql, operator: &str, place: Place) {
    let created_at = sql.param(place.created_at);
    let loosely = if operator.starts_with('<') { "<=" } else { ">=" };
    sql.push("r.created_at ").push(loosely).push(" ").push(&created_at);
    sql.push(" AND (r.created_at, r.id) ").push(operator).push(" (").push(&created_at).push(", ");
    sql.bind(place.id).push(")");
}

impl Direction {
    fn start(self) -> Place {
        match self {
            Self::Ascending => Place::OLDEST,
            Self::Descending => Place::NEWEST,
        }
    }
}
