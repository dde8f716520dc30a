//! Whose history is here.
//!
//! A row of `coverage` vouches for one collection of one repository. It lives in the index, because it must vanish with
//! what it vouches for.

mod missing;
mod tears;

use atproto::{Did, Nsid, Tid};
use store::{Conn, Role, Row, v};

use crate::write::{account, ids};
use crate::{Error, Records, now_micros};

pub use missing::{MissingPage, MissingPosition};
pub use tears::{Tears, tear};

/// How far the history of a collection of a repository is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum CoverageState {
    /// Somebody asked for it.
    Pending = 0,
    /// It is being fetched.
    Fetching = 1,
    /// All of it was fetched.
    Complete = 2,
    /// It could not be fetched and is tried again later.
    Retrying = 3,
    /// It could not be fetched and is not tried again by itself.
    Failed = 4,
    /// What was fetched cannot be believed.
    Quarantined = 5,
    /// Its account was switched off when it was asked for. It is fetched when the account is back.
    Absent = 6,
}

impl CoverageState {
    /// `pending` and so on.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Fetching => "fetching",
            Self::Complete => "complete",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
            Self::Quarantined => "quarantined",
            Self::Absent => "absent",
        }
    }

    fn from_code(code: i64) -> Self {
        match code {
            0 => Self::Pending,
            1 => Self::Fetching,
            2 => Self::Complete,
            3 => Self::Retrying,
            4 => Self::Failed,
            5 => Self::Quarantined,
            _ => Self::Absent,
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The repository.
    pub did: Did,
    /// The collection.
    pub collection: Nsid,
    /// How far its history is here.
    pub state: CoverageState,
    /// Complete as of this revision.
    pub rev: Option<Tid>,
    /// Whether the author's signature was checked.
    pub proven: bool,
    /// When its host was asked, or else when the state changed, in microseconds.
    pub since: i64,
    /// Attempts that failed in a row.
    pub attempts: u32,
    /// So many of its tears were [known](Records::tears) when its host was asked: those are mended if it is complete.
    pub mended: i64,
    /// When it is tried again, in microseconds.
    pub next_try_at: Option<i64>,
    /// Why it is not complete.
    pub error: Option<String>,
}

impl Coverage {
    /// In a state since a moment in microseconds, with nothing else to say.
    #[must_use]
    pub fn new(did: &Did, collection: &Nsid, state: CoverageState, since: i64) -> Self {
        Self {
            did: did.clone(),
            collection: collection.clone(),
            state,
            rev: None,
            proven: false,
            since,
            attempts: 0,
            mended: 0,
            next_try_at: None,
            error: None,
        }
    }
}

const COLUMNS: &str = "
    SELECT repos.did, collections.nsid, c.state, c.rev, c.proven, c.since, c.attempts, c.next_try_at, c.error,
        c.repo_id, c.collection_id, c.mended
    FROM coverage c
    JOIN repos ON repos.id = c.repo_id
    JOIN collections ON collections.id = c.collection_id";

/// Writes a row, inside a transaction of the index. What the stream has [torn] since the host was asked stays torn, whatever became of
/// it meanwhile: it is fetched once more.
///
/// [torn]: tear
pub fn set(conn: &mut Conn<'_>, coverage: &Coverage) -> Result<(), store::Error> {
    const SQL: &str = "
        INSERT INTO coverage (repo_id, collection_id, state, rev, proven, since, attempts, next_try_at, error, mended)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (repo_id, collection_id) DO UPDATE SET
            state = excluded.state, rev = excluded.rev, proven = excluded.proven, since = excluded.since,
            attempts = excluded.attempts, next_try_at = excluded.next_try_at, error = excluded.error,
            mended = CASE WHEN excluded.state = 2 AND coverage.mended < excluded.mended THEN excluded.mended
                          ELSE coverage.mended END
        WHERE excluded.state <> 2 OR coverage.tears <= coverage.mended OR coverage.tears <= excluded.mended";
    let repo = ids::repo(conn, coverage.did.as_str())?.id;
    let collection = ids::collection(conn, coverage.collection.as_str())?;
    let row = [
        v(repo),
        v(collection),
        v(coverage.state as i64),
        v(coverage.rev.map(Tid::as_i64)),
        v(coverage.proven),
        v(coverage.since),
        v(coverage.attempts),
        v(coverage.next_try_at),
        v(coverage.error.as_deref()),
        v(coverage.mended),
    ];
    conn.execute(SQL, &row).map(drop)
}

/// Remembers that an account whose history was asked for is switched off, after [`observe_status`](Records::observe_status) and inside a
/// transaction of the index that has its [`lock`](crate::lock). If it has come back meanwhile it is due at once.
pub fn depart(conn: &mut Conn<'_>, did: &Did, collections: &[Nsid]) -> Result<(), store::Error> {
    let now = now_micros();
    let is_back = account::row(conn, did.as_str())?.is_active();
    for collection in collections {
        let row = Coverage::new(did, collection, CoverageState::Absent, now);
        let back = Coverage { state: CoverageState::Retrying, next_try_at: Some(now), ..row.clone() };
        set(conn, if is_back { &back } else { &row })?;
    }
    Ok(())
}

/// Makes everything due that was not to be had because the account was switched off.
pub(crate) fn come_back(conn: &mut Conn<'_>, repo_id: i64) -> Result<(), store::Error> {
    const SQL: &str = "
        UPDATE coverage SET state = $2, since = $3, attempts = 0, next_try_at = $3 WHERE repo_id = $1 AND state = $4";
    let (due, absent) = (CoverageState::Retrying as i64, CoverageState::Absent as i64);
    conn.execute(SQL, &[v(repo_id), v(due), v(now_micros()), v(absent)]).map(drop)
}

/// Says of a history that is complete that it still was at a revision that its host named when it was asked, inside a transaction of
/// the index. Of one that is not complete that says nothing.
pub fn confirm(
    conn: &mut Conn<'_>,
    did: &Did,
    collection: &Nsid,
    rev: Tid,
    asked_at: i64,
) -> Result<(), store::Error> {
    const SQL: &str = "
        UPDATE coverage SET rev = $3, since = $4
        WHERE repo_id = (SELECT id FROM repos WHERE did = $1)
          AND collection_id = (SELECT id FROM collections WHERE nsid = $2)
          AND state = 2 AND since < $4";
    conn.execute(SQL, &[v(did.as_str()), v(collection.as_str()), v(rev.as_i64()), v(asked_at)]).map(drop)
}

/// Forgets a row, inside a transaction of the index: nothing is known of that history any more.
pub fn clear(conn: &mut Conn<'_>, did: &Did, collection: &Nsid) -> Result<(), store::Error> {
    const SQL: &str = "
        DELETE FROM coverage
        WHERE repo_id = (SELECT id FROM repos WHERE did = $1)
          AND collection_id = (SELECT id FROM collections WHERE nsid = $2)";
    conn.execute(SQL, &[v(did.as_str()), v(collection.as_str())]).map(drop)
}

impl Records {
    /// The row of a collection of a repository.
    pub async fn coverage(&self, did: &Did, collection: &Nsid) -> Result<Option<Coverage>, Error> {
        let (did, collection) = (did.clone(), collection.clone());
        self.index
            .read_brief(move |conn| {
                let sql = format!("{COLUMNS} WHERE repos.did = $1 AND collections.nsid = $2");
                Ok(conn.query_opt(&sql, &[v(did.as_str()), v(collection.as_str())], from_row)?.flatten())
            })
            .await
    }

    /// Whether what is not in the index does not exist: the whole collection of the repository was fetched, the stream
    /// has been followed ever since, and no stretch of it is missing.
    pub async fn is_complete(&self, did: &Did, collection: &Nsid) -> Result<bool, Error> {
        const SQL: &str = "
            SELECT 1 FROM coverage c
            JOIN collections ON collections.id = c.collection_id
            WHERE c.repo_id = (SELECT id FROM repos WHERE did = $1) AND collections.nsid = $2
              AND c.state = 2 AND collections.followed_since <= c.since
              AND NOT EXISTS (SELECT 1 FROM gaps WHERE repaired_at IS NULL AND to_us > c.since)";
        let (did, collection) = (did.clone(), collection.clone());
        self.index
            .read_brief(move |conn| {
                let params = [v(did.as_str()), v(collection.as_str())];
                Ok(conn.query_opt(SQL, &params, |row| row.int(0))?.is_some())
            })
            .await
    }

    /// Rows whose time has come, the longest overdue first. A row without a time is not due.
    pub async fn due(&self, now: i64, limit: u32) -> Result<Vec<Coverage>, Error> {
        self.rows(
            format!("{COLUMNS} WHERE c.next_try_at IS NOT NULL AND c.next_try_at <= $1 ORDER BY c.next_try_at LIMIT $2"),
            [now, i64::from(limit)],
        )
        .await
    }

    /// Rows in a state, the longest in it first.
    pub async fn covered(&self, state: CoverageState, limit: u32) -> Result<Vec<Coverage>, Error> {
        let sql = format!("{COLUMNS} WHERE c.state = $1 ORDER BY c.since LIMIT $2");
        self.rows(sql, [state as i64, i64::from(limit)]).await
    }

    async fn rows(&self, sql: String, params: [i64; 2]) -> Result<Vec<Coverage>, Error> {
        let index = self.index.with_role(Role::Backfill);
        index
            .read(move |conn| {
                let rows = conn.query(&sql, &[v(params[0]), v(params[1])], from_row)?;
                Ok(rows.into_iter().flatten().collect())
            })
            .await
    }
}

/// `None` if the names are none, which never happens: they were checked when the row was written.
fn from_row(row: &Row<'_>) -> Result<Option<Coverage>, store::Error> {
    let names = Did::parse(row.text(0)?).ok().zip(Nsid::parse(row.text(1)?).ok());
    let Some((did, collection)) = names else { return Ok(None) };
    Ok(Some(Coverage {
        did,
        collection,
        state: CoverageState::from_code(row.int(2)?),
        rev: row.opt_int(3)?.and_then(Tid::from_i64),
        proven: row.bool(4)?,
        since: row.int(5)?,
        attempts: u32::try_from(row.int(6)?).unwrap_or(u32::MAX),
        mended: row.int(11)?,
        next_try_at: row.opt_int(7)?,
        error: row.opt_text(8)?.map(str::to_owned),
    }))
}
