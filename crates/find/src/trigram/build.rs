//! Building an index beside everything else that goes on.

use std::time::Duration;

use atproto::Nsid;
use clock::{micros, now_micros};
use store::{Conn, Database, Engine, v};

use super::{COMPLETE, MAX_INDEXES, postgres, sqlite};
use crate::{Error, Path};

/// For so long nobody else takes up what somebody is building, counted from the last rows taken in.
const CLAIM: Duration = Duration::from_mins(1);

/// The same where all is done in one statement.
const CLAIM_AT_ONCE: Duration = Duration::from_hours(6);

/// How long a field is searched without an index after building it has failed.
const AFTER_FAILURE: Duration = Duration::from_hours(1);

/// An index that is ours to build.
#[derive(Clone, Copy)]
struct Claim {
    id: i64,
    collection_id: i64,
}

/// Builds the index of a field, unless it is there or somebody else is at it. Whether there was something to do.
pub(crate) async fn build(index: &Database, collection: &Nsid, path: &Path) -> Result<bool, Error> {
    let (nsid, field) = (collection.clone(), path.clone());
    let Some(claim) = index.write(move |conn| claim(conn, &nsid, &field)).await? else { return Ok(false) };
    let built = match index.engine() {
        Engine::Sqlite => in_chunks(index, claim, path).await,
        Engine::Postgres => at_once(index, claim, path).await,
    };
    if built.is_err() {
        set(index, claim, 0, AFTER_FAILURE).await?;
    }
    built.map(|()| true)
}

async fn in_chunks(index: &Database, claim: Claim, path: &Path) -> Result<(), Error> {
    let create = path.clone();
    index.write(move |conn| sqlite::create(conn, claim.id, claim.collection_id, &create)).await?;
    loop {
        let path = path.clone();
        let extend = move |conn: &mut Conn<'_>| sqlite::extend(conn, claim.id, &path, until(held(conn)));
        if index.write(extend).await? {
            return Ok(());
        }
    }
}

async fn at_once(index: &Database, claim: Claim, path: &Path) -> Result<(), Error> {
    let path = path.clone();
    index.read(move |conn| postgres::create(conn, claim.id, claim.collection_id, &path)).await?;
    set(index, claim, COMPLETE, Duration::ZERO).await
}

/// Takes the index of a field in hand; `None` if there is nothing to do.
fn claim(conn: &mut Conn<'_>, collection: &Nsid, path: &Path) -> Result<Option<Claim>, Error> {
    const COLLECTION: &str = "SELECT id FROM collections WHERE nsid = $1";
    const ADD: &str = "
        INSERT INTO search_fields (collection_id, path, built, next_try_at)
        SELECT $1, $2, 0, 0 WHERE (SELECT count(*) FROM search_fields) < $3
        ON CONFLICT DO NOTHING";
    const TAKE: &str = "
        UPDATE search_fields SET next_try_at = $1
        WHERE collection_id = $2 AND path = $3 AND built < $4 AND next_try_at <= $5
        RETURNING id";
    let collection_id =
        conn.query_opt(COLLECTION, &[v(collection.as_str())], |row| Ok::<_, Error>(row.int(0)?))?;
    let Some(collection_id) = collection_id else { return Ok(None) };
    let path = path.to_string();
    conn.execute(ADD, &[v(collection_id), v(&path), v(MAX_INDEXES)])?;
    let params = [v(until(held(conn))), v(collection_id), v(&path), v(COMPLETE), v(now_micros())];
    conn.query_opt(TAKE, &params, |row| Ok(Claim { id: row.int(0)?, collection_id }))
}

/// Writes down how far the index is and when somebody may go on with it.
async fn set(index: &Database, claim: Claim, built: i64, wait: Duration) -> Result<(), Error> {
    const SQL: &str = "UPDATE search_fields SET built = $1, next_try_at = $2 WHERE id = $3";
    index
        .write(move |conn| {
            conn.execute(SQL, &[v(built), v(until(wait)), v(claim.id)]).map(drop).map_err(Error::Store)
        })
        .await
}

/// How long a claim holds.
fn held(conn: &Conn<'_>) -> Duration {
    match conn.engine() {
        Engine::Sqlite => CLAIM,
        Engine::Postgres => CLAIM_AT_ONCE,
    }
}

/// That far from now, in microseconds.
fn until(wait: Duration) -> i64 {
    now_micros().saturating_add(micros(wait))
}
