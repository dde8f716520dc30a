//! The indexes there are, and how far each is.

use atproto::Nsid;
use store::{Conn, Error, Row, v};

use super::{Content, Spec};
use crate::Find;

/// `query_indexes.built` of an index that is complete.
pub(crate) const COMPLETE: i64 = i64::MAX;

/// An index, as whoever reads or writes records has to know it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) id: i64,
    pub(crate) made_at: i64,
    pub(crate) built: i64,
    pub(crate) spec: Spec,
}

/// An index, as people see it.
#[derive(Clone, Debug)]
pub struct IndexState {
    /// Its number.
    pub id: i64,
    /// What is in it.
    pub spec: Spec,
    /// How far it is.
    pub stage: Stage,
    /// Records that were taken in while it was built.
    pub taken: i64,
    /// How much of the index of all records has been looked at, in thousandths.
    pub permille: i64,
    /// When it was first asked for, in microseconds.
    pub made_at: i64,
    /// When it was complete, in microseconds.
    pub ready_at: Option<i64>,
}

/// What there is of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has begun to build it.
    Waiting,
    /// Some records are in it. Queries do without.
    Building,
    /// All records are in it, and those to come.
    Ready,
    /// No lexicon asks for it any more.
    Leaving,
}

impl Stage {
    /// The word for it in the admin API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Building => "building",
            Self::Ready => "ready",
            Self::Leaving => "leaving",
        }
    }
}

impl Listed {
    /// Those that lexicons ask for.
    pub(crate) fn wanted(conn: &mut Conn<'_>) -> Result<Vec<Self>, Error> {
        const SQL: &str = "SELECT id, made_at, built, collection, spec FROM query_indexes WHERE wanted = 1";
        Ok(conn.query(SQL, &[], Self::from_row)?.into_iter().flatten().collect())
    }

    /// Those of a collection that are complete.
    pub(crate) fn ready(conn: &mut Conn<'_>, collection: &Nsid) -> Result<Vec<Self>, Error> {
        const SQL: &str = "
            SELECT id, made_at, built, collection, spec FROM query_indexes
            WHERE wanted = 1 AND collection = $1 AND built = $2 ORDER BY id";
        Ok(conn
            .query(SQL, &[v(collection.as_str()), v(COMPLETE)], Self::from_row)?
            .into_iter()
            .flatten()
            .collect())
    }

    /// Whether it is still what it was, so that whatever was read of it meanwhile is all.
    pub(crate) fn still_stands(&self, conn: &mut Conn<'_>) -> Result<bool, Error> {
        const SQL: &str = "
            SELECT 1 FROM query_indexes WHERE id = $1 AND made_at = $2 AND wanted = 1 AND built = $3";
        let params = [v(self.id), v(self.made_at), v(COMPLETE)];
        Ok(conn.query_opt(SQL, &params, |row| row.int(0))?.is_some())
    }

    /// Whether changes of this row of `record_rows` are to be entered: later ones the builder will come to.
    pub(crate) fn has_reached(&self, record_id: i64) -> bool {
        record_id <= self.built
    }

    /// Reads the columns `id, made_at, built, collection, spec`. One that another version wrote and this one cannot read is
    /// none of ours.
    pub(super) fn from_row(row: &Row<'_>) -> Result<Option<Self>, Error> {
        let Some(spec) = spec(row.text(3)?, row.text(4)?) else { return Ok(None) };
        Ok(Some(Self { id: row.int(0)?, made_at: row.int(1)?, built: row.int(2)?, spec }))
    }
}

fn spec(collection: &str, content: &str) -> Option<Spec> {
    let content: Content = serde_json::from_str(content).ok()?;
    Some(Spec { collection: Nsid::parse(collection).ok()?, content })
}

impl Find {
    /// Every index that a lexicon asks for or asked for, in the order in which they were asked for.
    pub async fn indexes(&self) -> Result<Vec<IndexState>, crate::Error> {
        const SQL: &str = "
            SELECT id, made_at, built, collection, spec, wanted, last, taken, ready_at FROM query_indexes ORDER BY id";
        let states = self.index.read(|conn| conn.query(SQL, &[], state).map_err(crate::Error::Store)).await?;
        Ok(states.into_iter().flatten().collect())
    }
}

fn state(row: &Row<'_>) -> Result<Option<IndexState>, Error> {
    let Some(listed) = Listed::from_row(row)? else { return Ok(None) };
    let (last, taken) = (row.int(6)?, row.int(7)?);
    let (stage, permille) = match (row.bool(5)?, listed.built) {
        (false, _) => (Stage::Leaving, 1000),
        (true, COMPLETE) => (Stage::Ready, 1000),
        (true, 0) => (Stage::Waiting, 0),
        (true, built) => (Stage::Building, (built.saturating_mul(1000) / last.max(1)).min(999)),
    };
    Ok(Some(IndexState {
        id: listed.id,
        spec: listed.spec,
        stage,
        taken,
        permille,
        made_at: listed.made_at,
        ready_at: row.opt_int(8)?,
    }))
}
