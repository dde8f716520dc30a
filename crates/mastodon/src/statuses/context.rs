//! `GET /api/v1/statuses/{id}/context`: what a status answers, and what answers it.

use std::collections::HashMap;

use axum::extract::State;
use serde::Serialize;
use server::{Json, Path, Problem};
use social::{Id, thoughts};
use store::Conn;

use crate::caller::Viewer;
use crate::entities::{Status, meant, statuses};
use crate::refusal::Refusal;
use crate::services::Services;

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
    let mut before = thoughts::above(conn, id)?;
    before.reverse();
    Ok((before, in_order(&thoughts::below(conn, id)?, id)))
}

/// Answers, each behind what it answers, in the order of time beside it.
fn in_order(rows: &[(Id, Id)], id: Id) -> Vec<Id> {
    let mut answers: HashMap<Id, Vec<Id>> = HashMap::new();
    for (answer, parent) in rows {
        answers.entry(*parent).or_default().push(*answer);
    }
    for beside in answers.values_mut() {
        beside.sort_unstable();
    }
    let (mut found, mut open) = (Vec::new(), vec![id]);
    while let Some(next) = open.pop() {
        if next != id {
            found.push(next);
        }
        // Taken out, so that a circle ends.
        open.extend(answers.remove(&next).unwrap_or_default().into_iter().rev());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_behind_what_they_answer_and_circles_end() {
        let rows = [(3, 1), (2, 1), (4, 2), (5, 3)].map(|(answer, parent)| (Id(answer), Id(parent)));
        assert_eq!(in_order(&rows, Id(1)), [2, 4, 3, 5].map(Id));
        assert_eq!(in_order(&rows, Id(2)), [Id(4)]);
        let circle = [(Id(2), Id(1)), (Id(1), Id(2))];
        assert_eq!(in_order(&circle, Id(1)), [Id(2)]);
    }
}
