//! Whom the operator subscribes to.

use std::collections::BTreeMap;
use std::sync::Arc;

use atproto::Did;
use clock::now_micros;
use events::{Event, EventLog, Kind, kinds};
use serde_json::json;
use store::{Database, Row, Store, v};
use tokio::sync::watch;

use crate::{Error, collect, source};

/// The labelers this server listens to. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Labelers {
    pub(crate) state: Database,
    pub(crate) index: Database,
    events: EventLog,
    changed: Arc<watch::Sender<()>>,
}

/// A labeler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labeler {
    /// Its DID.
    pub did: String,
    /// Whether it is listened to.
    pub status: LabelerStatus,
    /// The number of the last message of its stream whose labels are stored.
    pub cursor: Option<i64>,
    /// When it was added, in microseconds.
    pub created_at: i64,
    /// When its status changed last, in microseconds.
    pub updated_at: i64,
}

/// Whether a labeler is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelerStatus {
    /// It is.
    Active,
    /// Not now. What it said so far stays.
    Paused,
}

impl Labelers {
    /// Those of a store that was opened with [`SCHEMAS`](crate::SCHEMAS).
    #[must_use]
    pub fn new(store: &Store, events: EventLog) -> Self {
        let changed = Arc::new(watch::Sender::new(()));
        Self { state: store.state.clone(), index: store.index.clone(), events, changed }
    }

    /// Subscribes, or subscribes again to one that was paused. Whether it is new. `by` is who did it, for the event log.
    pub async fn add(&self, did: &Did, by: Option<&str>) -> Result<bool, Error> {
        const SQL: &str = "
            INSERT INTO labelers (did, status, created_at, updated_at) VALUES ($1, $2, $3, $3)
            ON CONFLICT (did) DO NOTHING";
        let (name, now) = (did.to_string(), now_micros());
        let insert = move |conn: &mut store::Conn<'_>| {
            conn.execute(SQL, &[v(&name), v(LabelerStatus::Active.code()), v(now)])
        };
        let new = self.state.write(insert).await? == 1;
        if new {
            self.report(kinds::LABELER_ADDED, did, by, Some(LabelerStatus::Active));
            self.changed.send_replace(());
        } else {
            self.set_status(did, LabelerStatus::Active, by).await?;
        }
        Ok(new)
    }

    /// All of them, by DID.
    pub async fn list(&self) -> Result<Vec<Labeler>, Error> {
        const LABELERS: &str = "SELECT did, status, created_at, updated_at FROM labelers ORDER BY did";
        const CURSORS: &str = "SELECT did, seq FROM label_sources WHERE did IS NOT NULL AND seq IS NOT NULL";
        let mut labelers =
            self.state.read(|conn| conn.query::<_, store::Error>(LABELERS, &[], Labeler::from_row)).await?;
        let cursors = self.index.read(|conn| {
            conn.query::<_, store::Error>(CURSORS, &[], |row| Ok((row.string(0)?, row.int(1)?)))
        });
        let cursors: BTreeMap<_, _> = cursors.await?.into_iter().collect();
        for labeler in &mut labelers {
            labeler.cursor = cursors.get(&labeler.did).copied();
        }
        Ok(labelers)
    }

    /// Pauses or resumes; `false` if there is no such labeler. Once this has returned nothing more of a paused labeler is
    /// stored, by any instance.
    pub async fn set_status(
        &self,
        did: &Did,
        status: LabelerStatus,
        by: Option<&str>,
    ) -> Result<bool, Error> {
        const SQL: &str = "UPDATE labelers SET status = $2, updated_at = $3 WHERE did = $1";
        let (name, now) = (did.to_string(), now_micros());
        let update =
            move |conn: &mut store::Conn<'_>| conn.execute(SQL, &[v(&name), v(status.code()), v(now)]);
        if self.state.write(update).await? == 0 {
            return Ok(false);
        }
        if status == LabelerStatus::Paused {
            let name = did.to_string();
            self.index.write(move |conn| source::interrupt(conn, &name)).await?;
        }
        self.report(kinds::LABELER_UPDATED, did, by, Some(status));
        self.changed.send_replace(());
        Ok(true)
    }

    /// Unsubscribes and forgets everything it said; `false` if there is no such labeler.
    pub async fn remove(&self, did: &Did, by: Option<&str>) -> Result<bool, Error> {
        let name = did.to_string();
        let delete = move |conn: &mut store::Conn<'_>| {
            conn.execute("DELETE FROM labelers WHERE did = $1", &[v(&name)])
        };
        if self.state.write(delete).await? == 0 {
            return Ok(false);
        }
        let name = did.to_string();
        self.index.write(move |conn| source::disown(conn, &name)).await?;
        collect::sweep_disowned(&self.index).await?;
        self.report(kinds::LABELER_DELETED, did, by, None);
        self.changed.send_replace(());
        Ok(true)
    }

    /// The DIDs of those that are listened to.
    pub async fn active(&self) -> Result<Vec<Did>, Error> {
        const SQL: &str = "SELECT did FROM labelers WHERE status = $1 ORDER BY did";
        let read = self.state.read(|conn| {
            conn.query::<_, store::Error>(SQL, &[v(LabelerStatus::Active.code())], |row| row.string(0))
        });
        Ok(read.await?.iter().filter_map(|did| Did::parse(did).ok()).collect())
    }

    /// The status of one; `None` if there is no such labeler.
    pub(crate) async fn status(&self, did: &Did) -> Result<Option<LabelerStatus>, Error> {
        const SQL: &str = "SELECT status FROM labelers WHERE did = $1";
        let did = did.to_string();
        let status = self
            .state
            .read(move |conn| conn.query_opt::<_, store::Error>(SQL, &[v(&did)], |row| row.int(0)))
            .await?;
        Ok(status.map(LabelerStatus::of))
    }

    /// Tells those who follow labelers in this process that there is something new.
    pub(crate) fn wake(&self) {
        self.changed.send_replace(());
    }

    /// Wakes when this process has changed something.
    pub(crate) fn changed(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(crate) fn events(&self) -> &EventLog {
        &self.events
    }

    pub(crate) fn report(&self, kind: Kind, did: &Did, by: Option<&str>, status: Option<LabelerStatus>) {
        let detail = json!({ "did": did, "status": status.map(LabelerStatus::name) });
        self.events.record(Event::new(kind).actor(by).subject(did.as_str()).detail(detail));
    }
}

impl Labeler {
    fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            did: row.string(0)?,
            status: LabelerStatus::of(row.int(1)?),
            cursor: None,
            created_at: row.int(2)?,
            updated_at: row.int(3)?,
        })
    }
}

impl LabelerStatus {
    /// `active` or `paused`, as the admin API spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }

    fn of(code: i64) -> Self {
        if code == Self::Active.code() { Self::Active } else { Self::Paused }
    }

    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Paused => 1,
        }
    }
}
