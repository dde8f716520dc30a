//! What the end of a repository says about its history.

use std::time::Duration;

use atproto::{Did, Nsid};
use clock::{jittered, micros, now_micros};
use records::{Coverage, CoverageState, RepoStatus, coverage};
use store::{Conn, Error, v};

use super::unit::{End, History};
use crate::progress::RepoState;
use crate::time::TimeScale;

/// Before the first slow retry; doubled with each further one.
const FIRST_RETRY: Duration = Duration::from_mins(15);

/// Before the first one of a repository of which something is known to be missing: its host was there a moment ago, and was asked once.
const MARKED_RETRY: Duration = Duration::from_mins(1);

/// The longest wait between two of them.
const LONGEST_RETRY: Duration = Duration::from_hours(48);

/// Slow retries after which nothing is tried any more by itself: about a month.
const RETRIES: u32 = 20;

/// These collections could not be fetched: they are tried again later, unless that has happened often enough.
pub(super) fn uncovered(
    conn: &mut Conn<'_>,
    did: &Did,
    collections: &[Nsid],
    error: &str,
    scale: TimeScale,
) -> Result<(), Error> {
    for collection in collections {
        let (before, is_marked) = attempts(conn, did, collection)?;
        let attempts = before.saturating_add(1);
        let tries_again = attempts <= RETRIES;
        let wait = if is_marked {
            MARKED_RETRY
        } else {
            (FIRST_RETRY * 2_u32.pow(before.min(10))).min(LONGEST_RETRY)
        };
        let now = now_micros();
        let state = if tries_again { CoverageState::Retrying } else { CoverageState::Failed };
        let row = Coverage {
            attempts,
            next_try_at: tries_again.then(|| now + micros(jittered(scale.wait(wait)))),
            error: Some(error.to_owned()),
            ..Coverage::new(did, collection, state, now)
        };
        coverage::set(conn, &row)?;
    }
    Ok(())
}

/// Writes down what the end of a repository says about the history of its collections.
pub(crate) fn settle(
    conn: &mut Conn<'_>,
    did: &Did,
    collections: &[Nsid],
    end: &End,
    scale: TimeScale,
) -> Result<(), Error> {
    let why = end.error.as_deref().unwrap_or_default();
    let mut each = collections.iter();
    match end.state {
        RepoState::Fetched => match &end.history {
            History::Whole(rows) => rows.iter().try_for_each(|row| coverage::set(conn, row)),
            History::Unchanged { rev, asked_at } => {
                each.try_for_each(|collection| coverage::confirm(conn, did, collection, *rev, *asked_at))
            }
            History::Missing => Ok(()),
        },
        // Trying again is of no use until somebody has looked.
        RepoState::Quarantined => each.try_for_each(|collection| {
            let row = Coverage::new(did, collection, CoverageState::Quarantined, now_micros());
            coverage::set(conn, &Coverage { error: Some(why.to_owned()), ..row })
        }),
        RepoState::Gone if is_switched_off(end) => coverage::depart(conn, did, collections),
        // There is no such repository, so there is nothing to know of it.
        RepoState::Gone => each.try_for_each(|collection| coverage::clear(conn, did, collection)),
        _ => uncovered(conn, did, collections, why, scale),
    }
}

/// Whether its account may come back with all that it has.
fn is_switched_off(end: &End) -> bool {
    end.status.is_some_and(|(status, _)| status != RepoStatus::Deleted)
}

/// How often it was tried in vain; and whether it never was, and is only marked as something to be fetched again.
fn attempts(conn: &mut Conn<'_>, did: &Did, collection: &Nsid) -> Result<(u32, bool), Error> {
    const SQL: &str = "
        SELECT attempts, state FROM coverage
        WHERE repo_id = (SELECT id FROM repos WHERE did = $1)
          AND collection_id = (SELECT id FROM collections WHERE nsid = $2)";
    let known = conn.query_opt(SQL, &[v(did.as_str()), v(collection.as_str())], |row| {
        Ok::<_, Error>((row.int(0)?, row.int(1)? == CoverageState::Retrying as i64))
    })?;
    let (attempts, is_retrying) = known.unwrap_or_default();
    Ok((u32::try_from(attempts).unwrap_or_default(), is_retrying && attempts == 0))
}
