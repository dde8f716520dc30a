//! Statements about many ids at once, which the engines write differently.

use serde_json::Value as Json;
use social::Id;
use store::{Conn, Engine, Row, Value, v};

/// One statement in the words of each engine, whose first parameter is the list.
pub(crate) struct ListSql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// `listed!("SELECT … WHERE id IN", "ORDER BY …")`.
macro_rules! listed {
    ($before:literal, $after:literal) => {
        $crate::listed::ListSql {
            sqlite: concat!($before, " (SELECT value FROM json_each($1)) ", $after),
            postgres: concat!($before, " (SELECT unnest($1::bigint[])) ", $after),
        }
    };
}

pub(crate) use listed;

impl ListSql {
    /// All rows of the answer; none for no ids, without asking.
    pub(crate) fn query<T>(
        &self,
        conn: &mut Conn<'_>,
        ids: &[Id],
        more: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, store::Error>,
    ) -> Result<Vec<T>, store::Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        match conn.engine() {
            Engine::Sqlite => {
                let list = Json::from(numbers).to_string();
                let params: Vec<Value<'_>> = [v(&list)].into_iter().chain(more.iter().copied()).collect();
                conn.query(self.sqlite, &params, read)
            }
            Engine::Postgres => {
                let params: Vec<Value<'_>> = [v(&*numbers)].into_iter().chain(more.iter().copied()).collect();
                conn.query(self.postgres, &params, read)
            }
        }
    }
}
