//! The part of the index that a question is about.

use atproto::Nsid;
use store::{Conn, Engine, v};

use crate::Error;
use crate::sql::Sql;

/// A collection, or what one author has in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) collection_id: i64,
    pub(crate) repo_id: Option<i64>,
}

impl Part {
    /// `None` if nothing of it was ever here.
    pub(crate) fn find(
        conn: &mut Conn<'_>,
        collection: &Nsid,
        did: Option<&str>,
    ) -> Result<Option<Self>, Error> {
        const SQL: &str = "
            SELECT id, (SELECT id FROM repos WHERE did = $2) FROM collections WHERE nsid = $1";
        let ids = conn.query_opt(SQL, &[v(collection.as_str()), v(did)], |row| {
            Ok::<_, Error>((row.int(0)?, row.opt_int(1)?))
        })?;
        let Some((collection_id, repo_id)) = ids else { return Ok(None) };
        Ok((did.is_some() == repo_id.is_some()).then_some(Self { collection_id, repo_id }))
    }

    /// Appends the table `r`. SQLite keeps no statistics, and without them it takes the index of the whole collection for
    /// as good as that of one author.
    pub(crate) fn table(self, sql: &mut Sql) {
        sql.push("record_rows r");
        if sql.engine() == Engine::Sqlite {
            sql.push(match self.repo_id {
                None => " INDEXED BY record_rows_newest",
                Some(_) => " INDEXED BY record_rows_newest_of_repo",
            });
        }
    }

    /// Appends that the row `r` is of it and visible.
    pub(crate) fn condition(self, sql: &mut Sql) {
        sql.push("r.visible = 1 AND r.collection_id = ").bind(self.collection_id);
        if let Some(repo_id) = self.repo_id {
            sql.push(" AND r.repo_id = ").bind(repo_id);
        }
    }
}
