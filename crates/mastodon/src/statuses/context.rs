//! `GET /api/v1/statuses/{id}/context`: what a status answers, and what answers it.

use std::collections::HashMap;

use axum::extract::State;
use serde::Serialize;
use server::{Json, Path, Problem};
use social::Id;
use store::{Conn, v};

use crate::caller::Viewer;
use crate::entities::{Status, meant, statuses};
use crate::refusal::Refusal;
use crate::services::Services;

/// Thoughts of one thread (spec/social.md §3.5).
const MAX: i64 = 1000;

/// Steps from a status to the beginning, and to the last answer.
const MAX_DEPTH: usize = 100;

#[derive(Serialize)]
pub(super) struct Context {
    ancestors: Vec<Status>,
    descendants: Vec<Status>,
}

/// Ids of those before and after a thought.
type Around = (Vec<Id>, Vec<Id>);

pub(super) async fn read(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
) -> Result<Json<Context>, Problem> {
    let addresses = services.addresses().clone();
    let read = services.social.ask(move |conn| {
        let thought = meant(conn, viewer, Id(id))?.ok_or(social::Error::NotFound("status"))?;
        let (before, after) = around(conn, thought)?;
        let ancestors = statuses(conn, &addresses, viewer, &before)?;
        let descendants = statuses(conn, &addresses, viewer, &after)?;
        Ok(Context { ancestors, descendants: descendants.into_iter().filter(|it| !it.is_unwanted).collect() })
    });
    Ok(Json(read.await.map_err(Refusal::from)?))
}

fn around(conn: &mut Conn<'_>, id: Id) -> Result<Around, social::Error> {
    let sql = "SELECT t.id, t.in_reply_to_id FROM social_thoughts t
               WHERE t.thread_id = (SELECT o.thread_id FROM social_thoughts o WHERE o.id = $1) ORDER BY t.id LIMIT $2";
    let rows = conn.query(sql, &[v(id), v(MAX)], |row| {
        Ok::<_, store::Error>((Id(row.int(0)?), row.opt_int(1)?.map(Id)))
    })?;
    let parents: HashMap<Id, Option<Id>> = rows.iter().copied().collect();
    let parent = |id: &Id| parents.get(id).copied().flatten();
    let mut before: Vec<Id> = std::iter::successors(parent(&id), parent).take(MAX_DEPTH).collect();
    before.reverse();
    Ok((before, below(&rows, id)))
}

/// Answers, each behind what it answers, in the order of time beside it.
fn below(rows: &[(Id, Option<Id>)], id: Id) -> Vec<Id> {
    let mut answers: HashMap<Id, Vec<Id>> = HashMap::new();
    for (answer, parent) in rows {
        if let Some(parent) = parent {
            answers.entry(*parent).or_default().push(*answer);
        }
    }
    let (mut found, mut open) = (Vec::new(), vec![(id, 0)]);
    while let Some((next, depth)) = open.pop() {
        if depth > 0 {
            found.push(next);
        }
        // Taken out, so that a circle ends.
        let inside = answers.remove(&next).filter(|_| depth < MAX_DEPTH).unwrap_or_default();
        open.extend(inside.into_iter().rev().map(|answer| (answer, depth + 1)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_behind_what_they_answer_and_circles_end() {
        let at = |id| Some(Id(id));
        let rows = [(Id(1), None), (Id(2), at(1)), (Id(3), at(1)), (Id(4), at(2)), (Id(5), at(3))];
        assert_eq!(below(&rows, Id(1)), [2, 4, 3, 5].map(Id));
        assert_eq!(below(&rows, Id(2)), [Id(4)]);
        let circle = [(Id(1), at(2)), (Id(2), at(1))];
        assert_eq!(below(&circle, Id(1)), [Id(2), Id(1)]);
    }
}
