//! What others cannot read yet: rows whose records are not as they are.
//!
//! The rows are the truth. Whoever publishes takes some of what is [unpublished](Hold::unpublished), writes or removes records, and then
//! says so ([`Hold::published`]). A row that has changed since stays unpublished, so whatever ends the server in between, the next
//! attempt does the rest, and what was done already changes nothing.

use atproto::Did;
use clock::now_micros;
use serde_json::{Value, json};
use store::{Conn, Row, v};

use crate::keep::layers_in;
use crate::keys::{Collection, layer_key};
use crate::{CrewMember, Error, Hold, Stats};

/// A row and the state it was read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<T> {
    /// What it says.
    pub row: T,
    number: i64,
}

/// A blob that an image needs, as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLayer {
    /// Whose image it is.
    pub owner: String,
    /// The repository.
    pub repository: String,
    /// The manifest.
    pub manifest: String,
    /// The blob.
    pub digest: String,
    /// In bytes.
    pub size: i64,
    /// As the manifest has it.
    pub media_type: String,
    /// In microseconds.
    pub created_at: i64,
}

/// A record whose row is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Where it is.
    pub collection: Collection,
    /// What it is called.
    pub rkey: String,
    gone_at: i64,
}

/// A repository and its counts.
pub type Counts = (Did, String, Stats);

/// What is to be published, all of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unpublished {
    /// The crew.
    pub crew: Vec<Version<CrewMember>>,
    /// Layers.
    pub layers: Vec<HeldLayer>,
    /// Counts.
    pub stats: Vec<Version<Counts>>,
    /// What has to go.
    pub gone: Vec<Gone>,
}

impl HeldLayer {
    pub(crate) const COLUMNS: &str = "owner_did, repository, manifest, digest, size, media_type, created_at";

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            owner: row.string(0)?,
            repository: row.string(1)?,
            manifest: row.string(2)?,
            digest: row.string(3)?,
            size: row.int(4)?,
            media_type: row.string(5)?,
            created_at: row.int(6)?,
        })
    }

    /// What its record is called.
    #[must_use]
    pub fn rkey(&self) -> String {
        layer_key([&self.owner, &self.repository, &self.manifest, &self.digest], self.created_at)
    }
}

impl Unpublished {
    /// How many records are to be written or removed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.crew.len() + self.layers.len() + self.stats.len() + self.gone.len()
    }

    /// Whether everything is published.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read(conn: &mut Conn<'_>, limit: usize, stats_before: i64) -> Result<Self, store::Error> {
        let mut all = Self::default();
        let left = |all: &Self| v(i64::try_from(limit - all.len()).unwrap_or_default());
        let sql = "SELECT member, role, permissions, tier, added_at, version FROM hold_crew
            WHERE published < version ORDER BY member LIMIT $1";
        all.crew = conn.query(sql, &[left(&all)], |row| {
            Ok::<_, store::Error>(Version { row: CrewMember::from_row(row)?, number: row.int(5)? })
        })?;
        let sql = format!(
            "SELECT {} FROM hold_layers WHERE published = 0 ORDER BY created_at LIMIT $1",
            HeldLayer::COLUMNS
        );
        all.layers = conn.query(&sql, &[left(&all)], HeldLayer::from_row)?;
        let sql = "SELECT collection, rkey, gone_at FROM hold_gone ORDER BY collection, rkey LIMIT $1";
        let gone = conn.query(sql, &[left(&all)], |row| {
            let collection = Collection::named(row.text(0)?);
            let (rkey, gone_at) = (row.string(1)?, row.int(2)?);
            Ok::<_, store::Error>(collection.map(|collection| Gone { collection, rkey, gone_at }))
        })?;
        all.gone = gone.into_iter().flatten().collect();
        let sql = "SELECT owner_did, repository, version, pulls, pushes, last_pull, last_push FROM hold_stats
            WHERE published < version AND published_at < $2 ORDER BY published_at LIMIT $1";
        all.stats = conn.query(sql, &[left(&all), v(stats_before)], |row| {
            let owner = Did::parse(row.text(0)?);
            let owner =
                owner.map_err(|error| store::Error::Column { column: 0, message: error.to_string() })?;
            let counts = (owner, row.string(1)?, Stats::from_row(row, 3)?);
            Ok::<_, store::Error>(Version { row: counts, number: row.int(2)? })
        })?;
        Ok(all)
    }

    fn note(&self, conn: &mut Conn<'_>) -> Result<(), store::Error> {
        let engine = conn.engine();
        let mut change = |rows: Vec<Value>, sql: String, more: Option<i64>| {
            if rows.is_empty() {
                return Ok(());
            }
            let rows = Value::from(rows).to_string();
            let params: Vec<_> = [v(&rows)].into_iter().chain(more.map(v)).collect();
            conn.execute(&sql, &params).map(drop)
        };
        let rows = layers_in(engine, 1);
        let crew = self.crew.iter().map(|it| json!({ "m": it.row.member, "v": it.number }));
        let sql = "UPDATE hold_crew SET published = CAST(value->>'v' AS BIGINT) FROM";
        change(crew.collect(), format!("{sql} {rows} WHERE member = value->>'m'"), None)?;
        let layers = self.layers.iter().map(
            |it| json!({ "o": it.owner, "r": it.repository, "m": it.manifest, "d": it.digest, "c": it.created_at }),
        );
        let sql = "UPDATE hold_layers SET published = 1 FROM";
        let key = "owner_did = value->>'o' AND repository = value->>'r' AND manifest = value->>'m'
            AND digest = value->>'d' AND created_at = CAST(value->>'c' AS BIGINT)";
        change(layers.collect(), format!("{sql} {rows} WHERE {key}"), None)?;
        let stats = self.stats.iter().map(|it| json!({ "o": it.row.0, "r": it.row.1, "v": it.number }));
        let sql = "UPDATE hold_stats SET published = CAST(value->>'v' AS BIGINT), published_at = $2 FROM";
        let key = "owner_did = value->>'o' AND repository = value->>'r'";
        change(stats.collect(), format!("{sql} {rows} WHERE {key}"), Some(now_micros()))?;
        let gone =
            self.gone.iter().map(|it| json!({ "c": it.collection.nsid(), "k": it.rkey, "t": it.gone_at }));
        let sql = "DELETE FROM hold_gone WHERE (collection, rkey, gone_at) IN
            (SELECT value->>'c', value->>'k', CAST(value->>'t' AS BIGINT) FROM";
        change(gone.collect(), format!("{sql} {rows})"), None)
    }
}

impl Hold {
    /// At most `limit` of what is to be published. Counts that were published since `stats_before`, in microseconds, wait.
    pub async fn unpublished(&self, limit: usize, stats_before: i64) -> Result<Unpublished, Error> {
        let read = self.inner().state.read(move |conn| Unpublished::read(conn, limit, stats_before));
        Ok(read.await?)
    }

    /// Says that records are as these rows are.
    pub async fn published(&self, done: Unpublished) -> Result<(), Error> {
        Ok(self.inner().state.write(move |conn| done.note(conn)).await?)
    }
}
