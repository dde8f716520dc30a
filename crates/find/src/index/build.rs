//! Taking in what was there before an index.

use std::time::{Duration, Instant};

use clock::{micros, now_micros};
use store::{Conn, Database, Engine, Role, v};
use tokio_util::sync::CancellationToken;

use super::entries::{self, Key};
use super::projection::parsed;
use super::{COMPLETE, Content, Entry, Listed};
use crate::{Error, Find, words};

/// For so long nobody else takes up what somebody is building, counted from the last records taken in.
const CLAIM: Duration = Duration::from_secs(20);

/// Row ids that the first transaction looks at, and those that none goes beyond.
const FIRST: i64 = 500;
const FEWEST: i64 = 50;
const MOST: i64 = 20_000;

/// How long a transaction is to take: other writers wait for it.
const TARGET: Duration = Duration::from_millis(40);

/// What became of the building of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    /// It is complete, with so many records taken in.
    Ready(i64),
    /// It was taken away, by whoever does not want it any more or by another builder.
    Lost,
    /// It was asked to stop. Whoever goes on does so from here.
    Stopped,
}

/// An index that is ours to build.
#[derive(Clone)]
struct Claim {
    index: Listed,
    holder: String,
}

impl Find {
    /// Builds an index that waits for it, unless somebody else builds one: there is one at a time, whatever the number of
    /// instances. `None` if there is nothing to do. `holder` names whoever builds among all that may.
    pub async fn build_next(&self, holder: &str, stop: &CancellationToken) -> Result<Option<Built>, Error> {
        let index = self.index.with_role(Role::Backfill);
        let name = holder.to_owned();
        let Some(claim) = index.write(move |conn| claim(conn, &name)).await? else { return Ok(None) };
        let built = chunks(&index, &claim, stop).await;
        if let Ok(Built::Stopped) = built {
            index.write(move |conn| release(conn, &claim)).await?;
        }
        built.map(Some)
    }
}

async fn chunks(index: &Database, claim: &Claim, stop: &CancellationToken) -> Result<Built, Error> {
    let mut rows = FIRST;
    loop {
        if stop.is_cancelled() {
            return Ok(Built::Stopped);
        }
        let (ours, started) = (claim.clone(), Instant::now());
        match index.write(move |conn| chunk(conn, &ours, rows)).await? {
            None => return Ok(Built::Lost),
            Some((COMPLETE, taken)) => return Ok(Built::Ready(taken)),
            Some(_) => {}
        }
        let took = started.elapsed();
        rows = if took > TARGET { rows / 2 } else { rows * 2 }.clamp(FEWEST, MOST);
        // Whoever waited for us goes first.
        tokio::time::sleep(took / 4).await;
    }
}

/// Takes an index in hand; `None` if there is none, or if somebody has one.
fn claim(conn: &mut Conn<'_>, holder: &str) -> Result<Option<Claim>, Error> {
    const TAKEN: &str = "
        SELECT count(*) FROM query_indexes
        WHERE wanted = 1 AND built < $1 AND holder IS NOT NULL AND holder <> $2 AND next_try_at > $3";
    const NEXT: &str = "
        SELECT id, made_at, built, collection, spec FROM query_indexes
        WHERE wanted = 1 AND built < $1 ORDER BY built DESC, id LIMIT 1";
    const TAKE: &str = "UPDATE query_indexes SET holder = $2, next_try_at = $3 WHERE id = $1";
    records::lock(conn)?;
    let now = now_micros();
    if conn.query_one(TAKEN, &[v(COMPLETE), v(holder), v(now)], |row| row.int(0).map_err(Error::Store))? > 0 {
        return Ok(None);
    }
    let index = conn.query_opt(NEXT, &[v(COMPLETE)], |row| Listed::from_row(row).map_err(Error::Store))?;
    let Some(index) = index.flatten() else { return Ok(None) };
    conn.execute(TAKE, &[v(index.id), v(holder), v(now.saturating_add(micros(CLAIM)))])?;
    if index.built == 0 && matches!(index.spec.content, Content::Words { .. }) {
        words::table::create(conn, index.id)?;
    }
    Ok(Some(Claim { index, holder: holder.to_owned() }))
}

/// Takes in the next rows; how far that is and the records taken in so far, or `None` if the index is not ours any more.
fn chunk(conn: &mut Conn<'_>, claim: &Claim, rows: i64) -> Result<Option<(i64, i64)>, Error> {
    const HERE: &str = "
        SELECT built, taken, coalesce((SELECT max(id) FROM record_rows), 0) FROM query_indexes
        WHERE id = $1 AND made_at = $2 AND wanted = 1 AND holder = $3";
    const SET: &str = "
        UPDATE query_indexes SET built = $2, taken = $3, last = $4, next_try_at = $5, ready_at = $6 WHERE id = $1";
    // Nothing is written between what we read and what we say is read.
    records::lock(conn)?;
    let index = &claim.index;
    let ours = [v(index.id), v(index.made_at), v(&claim.holder)];
    let here = conn.query_opt(HERE, &ours, |row| Ok::<_, Error>((row.int(0)?, row.int(1)?, row.int(2)?)))?;
    let Some((built, taken, last)) = here else { return Ok(None) };
    if built == COMPLETE {
        return Ok(Some((built, taken)));
    }
    let to = built.saturating_add(rows);
    let taken = taken.saturating_add(take(conn, index, built, to)?);
    let is_complete = to >= last;
    let (built, now) = (if is_complete { COMPLETE } else { to }, now_micros());
    let next_try_at = now.saturating_add(micros(CLAIM));
    let ready_at = is_complete.then_some(now);
    conn.execute(SET, &[v(index.id), v(built), v(taken), v(last), v(next_try_at), v(ready_at)])?;
    Ok(Some((built, taken)))
}

/// Takes in the records of the rows after one and up to another; how many those were.
fn take(conn: &mut Conn<'_>, index: &Listed, after: i64, to: i64) -> Result<i64, Error> {
    // The ids lead to the rows; any other index would lead to all of the collection.
    const SQLITE: &str = "
        SELECT r.id, repos.did, r.rkey, r.created_at, json(r.record)
        FROM record_rows r NOT INDEXED JOIN repos ON repos.id = r.repo_id
        WHERE r.id > $1 AND r.id <= $2 AND r.record IS NOT NULL
          AND r.collection_id = (SELECT id FROM collections WHERE nsid = $3)";
    const POSTGRES: &str = "
        SELECT r.id, repos.did, r.rkey, r.created_at, json(r.record)
        FROM record_rows r JOIN repos ON repos.id = r.repo_id
        WHERE r.id > $1 AND r.id <= $2 AND r.record IS NOT NULL
          AND r.collection_id = (SELECT id FROM collections WHERE nsid = $3)";
    let sql = match conn.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let (mut keys, mut words, mut taken) = (Vec::new(), Vec::new(), 0);
    conn.for_each(sql, &[v(after), v(to), v(index.spec.collection.as_str())], |row| {
        let (id, record) = (row.int(0)?, parsed(Some(row.text(4)?)).unwrap_or_default());
        let entry =
            Entry { id, did: row.text(1)?, rkey: row.text(2)?, created_at: row.int(3)?, record: &record };
        match &index.spec.content {
            Content::Words { fields } => words.push((id, words::of(&record, fields))),
            content @ Content::Keys { .. } => {
                keys.extend(content.keys(&entry).into_iter().map(|bytes| Key {
                    index: index.id,
                    bytes,
                    record: id,
                }));
            }
        }
        taken += 1;
        Ok::<_, store::Error>(())
    })?;
    entries::add(conn, &mut keys)?;
    if !words.is_empty() {
        words::table::replace(conn, index.id, &words)?;
    }
    Ok(taken)
}

/// Lets somebody else go on at once.
fn release(conn: &mut Conn<'_>, claim: &Claim) -> Result<(), Error> {
    const SQL: &str = "UPDATE query_indexes SET holder = NULL, next_try_at = 0 WHERE id = $1 AND holder = $2";
    conn.execute(SQL, &[v(claim.index.id), v(&claim.holder)]).map(drop).map_err(Error::Store)
}
