//! The tables: what has been compared, and what came of it.

use std::collections::HashMap;

use atproto::{Did, Nsid, RecordKey, RecordName};
use records::Place;
use store::{Conn, Database, Error, Row, v};

use super::MAX_KEPT;
use super::outcome::Outcome;
use crate::Validation;
use crate::timestamp::now_micros;

/// Where this server stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// Up to which change all are compared.
    pub(super) seq: i64,
    /// How often somebody has written here.
    writes: i64,
}

/// How far a collection is.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) collection: String,
    pub(super) validation: Validation,
    pub(super) fingerprint: String,
    pub(super) place: Place,
    pub(super) done: bool,
    pub(super) checked: i64,
    pub(super) unresolved: i64,
}

const COLUMNS: &str = "collection, validation, fingerprint, repo_id, rkey, done, checked, unresolved";

impl Check {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            collection: row.string(0)?,
            // Nobody else writes here.
            validation: row.text(1)?.parse().unwrap_or_default(),
            fingerprint: row.string(2)?,
            place: Place { repo_id: row.int(3)?, rkey: row.string(4)? },
            done: row.bool(5)?,
            checked: row.int(6)?,
            unresolved: row.int(7)?,
        })
    }
}

/// Everything that is known of comparing.
pub(super) async fn state(index: &Database) -> Result<(Position, Vec<Check>), Error> {
    index
        .read(|conn| {
            let position = conn.query_one("SELECT seq, writes FROM appview_check_position", &[], |row| {
                Ok::<_, Error>(Position { seq: row.int(0)?, writes: row.int(1)? })
            })?;
            let sql = format!("SELECT {COLUMNS} FROM appview_checks ORDER BY collection");
            Ok((position, conn.query(&sql, &[], Check::from_row)?))
        })
        .await
}

/// Takes the position further, unless another instance has written meanwhile: then nothing is written.
pub(super) fn advance(conn: &mut Conn<'_>, position: Position, seq: i64) -> Result<bool, Error> {
    const SQL: &str =
        "UPDATE appview_check_position SET seq = $1, writes = writes + 1 WHERE id = 1 AND writes = $2";
    Ok(conn.execute(SQL, &[v(seq), v(position.writes)])? == 1)
}

/// Begins with a collection, or begins anew.
pub(super) fn begin(
    conn: &mut Conn<'_>,
    collection: &Nsid,
    validation: Validation,
    fingerprint: &str,
) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO appview_checks
            (collection, validation, fingerprint, repo_id, rkey, done, checked, unresolved, started_at)
        VALUES ($1, $2, $3, 0, '', 0, 0, 0, $4)";
    end(conn, collection.as_str())?;
    let row = [v(collection.as_str()), v(validation.as_str()), v(fingerprint), v(now_micros())];
    conn.execute(SQL, &row).map(drop)
}

/// Forgets a collection.
pub(super) fn end(conn: &mut Conn<'_>, collection: &str) -> Result<(), Error> {
    conn.execute("DELETE FROM appview_checks WHERE collection = $1", &[v(collection)])?;
    forget(conn, collection)
}

/// Forgets what is wrong with the records of a collection.
pub(super) fn forget(conn: &mut Conn<'_>, collection: &str) -> Result<(), Error> {
    conn.execute("DELETE FROM appview_invalid_records WHERE collection = $1", &[v(collection)]).map(drop)
}

/// Notes where a walk through a collection has come to.
pub(super) fn walked(conn: &mut Conn<'_>, check: &Check) -> Result<(), Error> {
    const SQL: &str = "
        UPDATE appview_checks SET repo_id = $2, rkey = $3, done = $4, checked = $5, unresolved = $6
        WHERE collection = $1";
    let Check { collection, place, done, checked, unresolved, .. } = check;
    let row = [v(collection), v(place.repo_id), v(&place.rkey), v(*done), v(*checked), v(*unresolved)];
    conn.execute(SQL, &row).map(drop)
}

/// Writes what came of records. Of one collection no more is kept than [`MAX_KEPT`].
pub(super) fn keep(conn: &mut Conn<'_>, outcomes: &[Outcome]) -> Result<(), Error> {
    const REMOVE: &str =
        "DELETE FROM appview_invalid_records WHERE collection = $1 AND did = $2 AND rkey = $3";
    const ADD: &str = "
        INSERT INTO appview_invalid_records (collection, did, rkey, path, problem, found_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let mut room: HashMap<&str, i64> = HashMap::new();
    for Outcome { name: (did, collection, rkey), invalid, .. } in outcomes {
        let name = || [v(collection.as_str()), v(did.as_str()), v(rkey.as_str())];
        let removed = conn.execute(REMOVE, &name())?;
        let Some(invalid) = invalid else { continue };
        let room = match room.get_mut(collection.as_str()) {
            Some(room) => room,
            None => {
                let kept = MAX_KEPT - count(conn, collection)? - i64::from(removed > 0);
                room.entry(collection.as_str()).or_insert(kept)
            }
        };
        *room += i64::from(removed > 0);
        if *room > 0 {
            *room -= 1;
            let what = [v(&invalid.path), v(&invalid.problem), v(now_micros())];
            conn.execute(ADD, &[name(), what].concat())?;
        }
    }
    Ok(())
}

fn count(conn: &mut Conn<'_>, collection: &Nsid) -> Result<i64, Error> {
    const SQL: &str = "SELECT count(*) FROM appview_invalid_records WHERE collection = $1";
    conn.query_one(SQL, &[v(collection.as_str())], |row| row.int(0))
}

/// The records of an account with which something was wrong.
pub(super) fn of_account(conn: &mut Conn<'_>, did: &str) -> Result<Vec<RecordName>, Error> {
    const SQL: &str = "SELECT did, collection, rkey FROM appview_invalid_records WHERE did = $1";
    let names = conn.query(SQL, &[v(did)], |row| {
        let did = Did::parse(row.text(0)?).ok();
        let rest = Nsid::parse(row.text(1)?).ok().zip(RecordKey::parse(row.text(2)?).ok());
        Ok::<_, Error>(did.zip(rest).map(|(did, (collection, rkey))| (did, collection, rkey)))
    })?;
    Ok(names.into_iter().flatten().collect())
}
