//! The change log: one row per effect, numbered in commit order.

use store::{Conn, Engine, Error, Value, v};

/// What happened, as `changes.action` stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Action {
    /// A record that was not here.
    Create = 1,
    /// A record that was.
    Update = 2,
    /// A record that is no longer here.
    Delete = 3,
    /// A repository's status changed: its records appeared, disappeared or were purged.
    Account = 4,
}

impl Action {
    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            1 => Self::Create,
            2 => Self::Update,
            3 => Self::Delete,
            _ => Self::Account,
        }
    }
}

/// A row to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change<'e> {
    pub(super) at: i64,
    pub(super) action: Action,
    pub(super) repo_id: i64,
    /// Collection, record key and revision, unless it is about the whole account.
    pub(super) record: Option<(i64, &'e str, i64)>,
}

/// The end of the log, held by the transaction that has the write lock.
pub(super) struct Log {
    last: i64,
}

impl Log {
    pub(super) fn open(conn: &mut Conn<'_>) -> Result<Self, Error> {
        let last = conn.query_one("SELECT coalesce(max(seq), 0) FROM changes", &[], |row| row.int(0))?;
        Ok(Self { last })
    }

    pub(super) fn last(&self) -> i64 {
        self.last
    }

    pub(super) fn append(&mut self, conn: &mut Conn<'_>, changes: &[Change<'_>]) -> Result<(), Error> {
        match conn.engine() {
            Engine::Sqlite => self.append_rows(conn, changes),
            Engine::Postgres => self.append_arrays(conn, changes),
        }
    }

    fn append_rows(&mut self, conn: &mut Conn<'_>, changes: &[Change<'_>]) -> Result<(), Error> {
        const SQL: &str = "
            INSERT INTO changes (seq, at, action, repo_id, collection_id, rkey, rev)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        for change in changes {
            self.last += 1;
            let [collection, rkey, rev] = match change.record {
                Some((collection, rkey, rev)) => [v(collection), v(rkey), v(rev)],
                None => [Value::Null; 3],
            };
            let row = [
                v(self.last),
                v(change.at),
                v(change.action as i64),
                v(change.repo_id),
                collection,
                rkey,
                rev,
            ];
            conn.execute(SQL, &row)?;
        }
        Ok(())
    }

    fn append_arrays(&mut self, conn: &mut Conn<'_>, changes: &[Change<'_>]) -> Result<(), Error> {
        // NULL collections and revisions travel as -1: an array of integers has no NULLs here, and no id is negative.
        const SQL: &str = "
            INSERT INTO changes (seq, at, action, repo_id, collection_id, rkey, rev)
            SELECT $1::bigint + number, at, action, repo, nullif(collection, -1), rkey, nullif(rev, -1)
            FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
                 WITH ORDINALITY AS c (at, action, repo, collection, rkey, rev, number)";
        if changes.is_empty() {
            return Ok(());
        }
        let ints = |f: &dyn Fn(&Change<'_>) -> i64| changes.iter().map(f).collect::<Vec<i64>>();
        let at = ints(&|change| change.at);
        let action = ints(&|change| change.action as i64);
        let repo = ints(&|change| change.repo_id);
        let collection = ints(&|change| change.record.map_or(-1, |record| record.0));
        let rkey: Vec<Option<&str>> =
            changes.iter().map(|change| change.record.map(|record| record.1)).collect();
        let rev = ints(&|change| change.record.map_or(-1, |record| record.2));
        let params = [
            v(self.last),
            v(at.as_slice()),
            v(action.as_slice()),
            v(repo.as_slice()),
            v(collection.as_slice()),
            v(rkey.as_slice()),
            v(rev.as_slice()),
        ];
        self.last += i64::try_from(conn.execute(SQL, &params)?).unwrap_or_default();
        Ok(())
    }
}
