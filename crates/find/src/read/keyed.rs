//! The first records of a part in an order that no index has.

use store::Conn;

use super::Budget;
use super::part::Part;
use super::stretches::{Stretch, Stretches};
use crate::key::Key;
use crate::sql::{self, Order, Sql};
use crate::{Direction, Error, Filter};

/// What is looked for.
pub(super) struct Keyed<'q> {
    pub(super) part: Part,
    pub(super) order: Order<'q>,
    pub(super) direction: Direction,
    pub(super) filter: Option<&'q Filter>,
    /// Where to begin.
    pub(super) after: Option<&'q Key>,
    /// How many records.
    pub(super) limit: usize,
}

impl Keyed<'_> {
    /// The keys and row ids of the first records, all records of the part being looked at.
    pub(super) fn first(&self, conn: &mut Conn<'_>, budget: Budget) -> Result<Vec<(Key, i64)>, Error> {
        self.first_of(conn, Stretches::all(self.part, budget))
    }

    /// The keys and row ids of the first of the rows. Of each stretch only the first are kept.
    pub(super) fn first_of(
        &self,
        conn: &mut Conn<'_>,
        mut stretches: Stretches,
    ) -> Result<Vec<(Key, i64)>, Error> {
        let mut first = Vec::new();
        while let Some(stretch) = stretches.next(conn)? {
            first.extend(self.of(conn, &stretch)?);
            first.sort_by(|(one, _), (other, _)| match self.direction {
                Direction::Ascending => one.order(other),
                Direction::Descending => other.order(one),
            });
            first.truncate(self.limit);
        }
        Ok(first)
    }

    /// Those of one stretch.
    pub(super) fn of(&self, conn: &mut Conn<'_>, stretch: &Stretch) -> Result<Vec<(Key, i64)>, Error> {
        let sql = self.statement(Sql::new(conn.engine()), stretch);
        conn.query(sql.text(), &sql.values(), |row| Ok((Key::from_row(row)?, row.int(5)?)))
    }

    fn statement(&self, mut sql: Sql, stretch: &Stretch) -> Sql {
        let columns = self.order.columns(&mut sql);
        let (by_bytes, direction) = (sql.by_bytes(), self.direction.sql());
        // PostgreSQL's numbers have no type of ours; their text keeps every digit.
        let number = if by_bytes.is_empty() { "number" } else { "CAST(number AS TEXT)" };
        sql.push("SELECT class, ").push(number).push(", text, author, rkey, id FROM (SELECT r.id AS id, ");
        sql.push(&columns.class).push(" AS class, ").push(&columns.number).push(" AS number, ");
        sql.push(&columns.text).push(" AS text, (repos.did || '/')").push(by_bytes).push(" AS author, ");
        sql.push("r.rkey AS rkey FROM ");
        stretch.table(self.part, &mut sql);
        sql.push(" JOIN repos ON repos.id = r.repo_id WHERE ");
        self.part.condition(&mut sql);
        sql.push(" AND ");
        stretch.condition(&mut sql);
        if let Some(condition) = &columns.condition {
            sql.push(" AND ").push(condition);
        }
        if let Some(filter) = self.filter {
            sql.push(" AND ");
            sql::condition(&mut sql, filter);
        }
        sql.push(") AS keyed");
        if let Some(after) = self.after {
            sql.push(" WHERE (class, number, text, author, rkey) ").push(self.direction.after()).push(" ");
            sql::key(&mut sql, after);
        }
        sql.push(" ORDER BY ");
        for column in ["class", "number", "text", "author"] {
            sql.push("keyed.").push(column).push(" ").push(direction).push(", ");
        }
        sql.push("keyed.rkey ").push(direction).push(" LIMIT ");
        sql.bind(i64::try_from(self.limit).unwrap_or(i64::MAX));
        sql
    }
}
