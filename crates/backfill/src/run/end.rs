//! What the end of a repository says about its history.

use std::time::Duration;

use atproto::{Did, Nsid};
use records::{Coverage, CoverageState, coverage};
use store::{Conn, Error, v};

use crate::time::{TimeScale, jittered, micros, now_micros};

/// Before the first slow retry; doubled with each further one.
const FIRST_RETRY: Duration = Duration::from_mins(15);

/// The longest wait between two of them.
const LONGEST_RETRY: Duration = Duration::from_hours(48);

/// Slow retries after which nothing is tried any more by itself: about a month.
const RETRIES: u32 = 20;

/// These collections could not be fetched: they are tried again later, unless that has happened often enough.
pub(crate) fn uncovered(
    conn: &mut Conn<'_>,
    did: &Did,
    collections: &[Nsid],
    error: &str,
    scale: TimeScale,
) -> Result<(), Error> {
    for collection in collections {
        let attempts = attempts(conn, did, collection)?.saturating_add(1);
        let tries_again = attempts <= RETRIES;
        let wait = (FIRST_RETRY * 2_u32.pow(attempts.saturating_sub(1).min(10))).min(LONGEST_RETRY);
        let now = now_micros();
        let row = Coverage {
            did: did.clone(),
            collection: collection.clone(),
            state: if tries_again { CoverageState::Retrying } else { CoverageState::Failed },
            rev: None,
            proven: false,
            since: now,
            attempts,
            next_try_at: tries_again.then(|| now + micros(jittered(scale.wait(wait)))),
            error: Some(error.to_owned()),
        };
        coverage::set(conn, &row)?;
    }
    Ok(())
}

/// What is known of these collections, without any prospect of more.
pub(crate) fn covered(
    conn: &mut Conn<'_>,
    did: &Did,
    collections: &[Nsid],
    state: CoverageState,
    error: &str,
) -> Result<(), Error> {
    for collection in collections {
        let row = Coverage {
            did: did.clone(),
            collection: collection.clone(),
            state,
            rev: None,
            proven: false,
            since: now_micros(),
            attempts: 0,
            next_try_at: None,
            error: Some(error.to_owned()),
        };
        coverage::set(conn, &row)?;
    }
    Ok(())
}

fn attempts(conn: &mut Conn<'_>, did: &Did, collection: &Nsid) -> Result<u32, Error> {
    const SQL: &str = "
        SELECT attempts FROM coverage
        WHERE repo_id = (SELECT id FROM repos WHERE did = $1)
          AND collection_id = (SELECT id FROM collections WHERE nsid = $2)";
    let known = conn.query_opt(SQL, &[v(did.as_str()), v(collection.as_str())], |row| row.int(0))?;
    Ok(known.and_then(|attempts| u32::try_from(attempts).ok()).unwrap_or_default())
}

/// Nothing is to be known of these collections any more: their repository is not served.
pub(crate) fn forgotten(conn: &mut Conn<'_>, did: &Did, collections: &[Nsid]) -> Result<(), Error> {
    collections.iter().try_for_each(|collection| coverage::clear(conn, did, collection))
}
