//! The rows that a scan looks at, so many at a time.

use store::{Conn, Engine, v};

use super::Budget;
use super::part::Part;
use super::windows::{FIRST, Window, Windows, grown};
use crate::sql::Sql;
use crate::{Direction, Error, Path, trigram};

/// Where the rows of a scan come from.
pub(super) enum Stretches {
    /// All of a part.
    All(Windows),
    /// Those that an index of texts has for a text.
    Matching(Matching),
    /// Few that are known.
    Listed(Option<Vec<i64>>),
}

/// The rows of one statement.
pub(super) enum Stretch {
    Window(Window),
    /// Row ids after the first and up to the second number, among those that have all terms.
    Ids {
        index: String,
        terms: String,
        after: i64,
        to: i64,
    },
    /// These rows.
    Listed(Vec<i64>),
    /// Rows whose field contains what the pattern says.
    Pattern {
        collection_id: i64,
        field: Path,
        pattern: String,
    },
}

/// What an index of texts has, in the order of row ids.
pub(super) struct Matching {
    /// What is left to be looked at.
    rest: Option<Stretch>,
    rows: i64,
    budget: Budget,
}

impl Stretches {
    pub(super) fn all(part: Part, budget: Budget) -> Self {
        Self::All(Windows::new(part, Direction::Descending, None, budget))
    }

    /// Few rows that are known.
    pub(super) fn listed(ids: Vec<i64>) -> Self {
        Self::Listed(Some(ids))
    }

    /// Rows that may contain a text, which is in lower case; `None` if the text is too short for the index.
    pub(super) fn matching(
        engine: Engine,
        part: Part,
        (index, field): (i64, &Path),
        text: &str,
        budget: Budget,
    ) -> Option<Self> {
        let terms = trigram::terms(text)?;
        let rest = match engine {
            Engine::Sqlite => {
                Stretch::Ids { index: trigram::name(index), terms, after: i64::MIN, to: i64::MAX }
            }
            Engine::Postgres => {
                let pattern =
                    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
                Stretch::Pattern { collection_id: part.collection_id, field: field.clone(), pattern }
            }
        };
        Some(Self::Matching(Matching { rest: Some(rest), rows: FIRST, budget }))
    }

    /// The next rows; an error when the time is over.
    pub(super) fn next(&mut self, conn: &mut Conn<'_>) -> Result<Option<Stretch>, Error> {
        match self {
            Self::All(windows) => Ok(windows.next(conn)?.map(Stretch::Window)),
            Self::Matching(matching) => matching.next(conn),
            Self::Listed(ids) => Ok(ids.take().map(Stretch::Listed)),
        }
    }
}

impl Matching {
    fn next(&mut self, conn: &mut Conn<'_>) -> Result<Option<Stretch>, Error> {
        let Some(rest) = self.rest.take() else { return Ok(None) };
        self.budget.check()?;
        let Stretch::Ids { index, terms, after, .. } = rest else { return Ok(Some(rest)) };
        let sql = format!(
            "SELECT rowid FROM {index} WHERE {index} MATCH $1 AND rowid > $2 ORDER BY rowid LIMIT 1 OFFSET $3"
        );
        let params = [v(&terms), v(after), v(self.rows - 1)];
        let to = conn.query_opt(&sql, &params, |row| Ok::<_, Error>(row.int(0)?))?;
        self.rows = grown(self.rows);
        self.rest = to.map(|to| {
            let (index, terms) = (index.clone(), terms.clone());
            Stretch::Ids { index, terms, after: to, to: i64::MAX }
        });
        Ok(Some(Stretch::Ids { index, terms, after, to: to.unwrap_or(i64::MAX) }))
    }
}

impl Stretch {
    /// Appends the table `r`.
    pub(super) fn table(&self, part: Part, sql: &mut Sql) {
        match self {
            Self::Window(_) => part.table(sql),
            // The ids lead to the rows; any other index would lead to all of them.
            Self::Ids { .. } => {
                sql.push("record_rows r NOT INDEXED");
            }
            Self::Listed(_) => table_by_ids(sql),
            Self::Pattern { .. } => {
                sql.push("record_rows r");
            }
        }
    }

    /// Appends that the row `r` is one of these.
    pub(super) fn condition(&self, sql: &mut Sql) {
        match self {
            Self::Window(window) => window.condition(sql),
            Self::Ids { index, terms, after, to } => {
                sql.push("r.id IN (SELECT rowid FROM ")
                    .push(index)
                    .push(" WHERE ")
                    .push(index)
                    .push(" MATCH ");
                sql.bind(terms.as_str()).push(" AND rowid > ").bind(*after);
                sql.push(" AND rowid <= ").bind(*to).push(")");
            }
            Self::Listed(ids) => ids_in(sql, ids),
            Self::Pattern { collection_id, field, pattern } => {
                let pattern = sql.param(pattern.as_str());
                sql.push(&trigram::postgres_matches(*collection_id, field, &pattern));
            }
        }
    }
}

/// Appends the table `r`, to which ids will lead.
pub(super) fn table_by_ids(sql: &mut Sql) {
    sql.push("record_rows r");
    if sql.engine() == Engine::Sqlite {
        sql.push(" NOT INDEXED");
    }
}

/// Appends that the row `r` is one of these. They are one parameter, so that the statement stays the same.
pub(super) fn ids_in(sql: &mut Sql, ids: &[i64]) {
    let list: Vec<String> = ids.iter().map(i64::to_string).collect();
    let list = list.join(",");
    match sql.engine() {
        Engine::Sqlite => {
            sql.push("r.id IN (SELECT value FROM json_each(").bind(format!("[{list}]")).push("))");
        }
        Engine::Postgres => {
            sql.push("r.id = ANY(CAST(string_to_array(").bind(list).push(", ',') AS BIGINT[]))");
        }
    }
}
