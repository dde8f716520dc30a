//! Stretches of collections, as the index takes them.

use std::collections::BTreeSet;
use std::ops::Bound;

use atproto::data::Limits;
use atproto::data::record::inspect;
use atproto::{Cid, Did, Nsid, RecordKey, RecordName, Tid};
use records::{Records, Stored};
use remote::{Found, Part};
use store::{Conn, v};

use crate::{Error, Repos};

/// Records of one stretch.
const STRETCH: i64 = 500;

/// Records that follow each other, and the key behind which there may be more.
pub(super) struct Stretch {
    pub(super) part: Part,
    pub(super) next: Option<RecordKey>,
}

/// What is there now of what has changed, and is not in the index yet.
pub(super) async fn of_names(
    repos: &Repos,
    records: &Records,
    collection: &Nsid,
    names: BTreeSet<(Did, Option<RecordKey>)>,
) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let mut single = Vec::with_capacity(names.len());
    let mut whole = BTreeSet::new();
    for (did, rkey) in names {
        let Some(rkey) = rkey else {
            let mut from = None;
            loop {
                let stretch = stretch(repos, &did, collection, from.take()).await?;
                parts.push(stretch.part);
                match stretch.next {
                    Some(next) => from = Some(next),
                    None => break,
                }
            }
            whole.insert(did);
            continue;
        };
        // No key comes before any.
        if !whole.contains(&did) {
            single.push((did, collection.clone(), rkey));
        }
    }
    parts.extend(of_records(repos, records, single).await?);
    Ok(parts)
}

/// Records one by one. Most were written through the index, which has them.
async fn of_records(
    repos: &Repos,
    records: &Records,
    names: Vec<RecordName>,
) -> Result<impl Iterator<Item = Part>, Error> {
    let stored = if names.is_empty() { Vec::new() } else { records.stored(names.clone()).await? };
    let asked_at = clock::now_micros();
    let read = repos.shared.state.snapshot(move |conn| {
        let each = names.iter().map(|(did, collection, rkey)| {
            let keys = (Bound::Included(rkey.clone()), Bound::Included(rkey.clone()));
            part(conn, did, collection, keys, asked_at)
        });
        each.collect::<Result<Vec<_>, Error>>()
    });
    let is_there = |(part, stored): &(Part, Option<Stored>)| {
        let (found, known) = (part.records.first(), stored.as_ref());
        found.map(|found| found.cid.to_string()).as_deref() == known.and_then(|known| known.cid.as_deref())
            && found.is_some() == known.is_some()
    };
    let parts = read.await?.into_iter().zip(stored);
    Ok(parts.filter(move |pair| !is_there(pair)).map(|(part, _)| part))
}

/// The next stretch of a collection.
pub(super) async fn stretch(
    repos: &Repos,
    did: &Did,
    collection: &Nsid,
    after: Option<RecordKey>,
) -> Result<Stretch, Error> {
    let from = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut part = read(repos, did, collection, (from, Bound::Unbounded)).await?;
    let is_full = i64::try_from(part.records.len()).is_ok_and(|count| count >= STRETCH);
    let next = part.records.last().filter(|_| is_full).map(|record| record.rkey.clone());
    if let Some(last) = &next {
        part.keys.1 = Bound::Included(last.clone());
    }
    Ok(Stretch { part, next })
}

/// What is between two keys, at most so much; nothing of a repository that is not served.
async fn read(
    repos: &Repos,
    did: &Did,
    collection: &Nsid,
    keys: (Bound<RecordKey>, Bound<RecordKey>),
) -> Result<Part, Error> {
    let (did, collection, asked_at) = (did.clone(), collection.clone(), clock::now_micros());
    let read = repos.shared.state.snapshot(move |conn| part(conn, &did, &collection, keys.clone(), asked_at));
    read.await
}

fn part(
    conn: &mut Conn<'_>,
    did: &Did,
    collection: &Nsid,
    keys: (Bound<RecordKey>, Bound<RecordKey>),
    asked_at: i64,
) -> Result<Part, Error> {
    let (rev, records) = read_records(conn, did, collection, &keys)?;
    // A repository that is gone was there until just now.
    let rev = rev.or_else(|| Tid::new(asked_at, 0)).ok_or_else(|| Error::damaged(did, "its revision"))?;
    let (did, collection) = (did.clone(), collection.clone());
    Ok(Part { did, collection, rev, asked_at, keys, records, proven: true })
}

fn read_records(
    conn: &mut Conn<'_>,
    did: &Did,
    collection: &Nsid,
    keys: &(Bound<RecordKey>, Bound<RecordKey>),
) -> Result<(Option<Tid>, Vec<Found>), Error> {
    let head = "SELECT id, rev, status FROM repos_repositories WHERE did = $1";
    let head = conn.query_opt(head, &[v(did.as_str())], |row| {
        Ok::<_, Error>((row.int(0)?, Tid::from_i64(row.int(1)?), row.int(2)?))
    })?;
    let Some((id, rev, status)) = head else { return Ok((None, Vec::new())) };
    if status != 0 {
        return Ok((rev, Vec::new()));
    }
    let (bounds, key) = match keys {
        (Bound::Included(one), Bound::Included(_)) => ("AND rkey = $4", Some(one)),
        (Bound::Excluded(after), _) => ("AND rkey > $4", Some(after)),
        _ => ("", None),
    };
    let sql = format!(
        "SELECT rkey, cid, json FROM repos_records WHERE repo_id = $1 AND collection = $2 {bounds}
         ORDER BY rkey LIMIT $3"
    );
    let mut params = vec![v(id), v(collection.as_str()), v(STRETCH)];
    params.extend(key.map(|key| v(key.as_str())));
    let damaged = || Error::damaged(did, "the row of a record cannot be read");
    let records = conn.query(&sql, &params, |row| {
        let inspected = inspect(row.text(2)?.as_bytes(), &Limits::default()).map_err(|_| damaged())?;
        Ok::<_, Error>(Found {
            rkey: RecordKey::parse(row.text(0)?).map_err(|_| damaged())?,
            cid: Cid::parse(row.text(1)?).map_err(|_| damaged())?,
            json: inspected.text.into_owned(),
            refs: inspected.refs.into_iter().map(std::borrow::Cow::into_owned).collect(),
        })
    })?;
    Ok((rev, records))
}
