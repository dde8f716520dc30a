//! Statuses of a timeline: thoughts and boosts, as far as whoever looks may see them.

use std::collections::{HashMap, HashSet};

use social::relations::{Standing, standing};
use social::{Addresses, Id, thoughts};
use store::Conn;

use super::account::accounts;
use super::moment::instant;
use super::status::Status;
use crate::listed::{ListSql, listed};

const BOOSTS: ListSql = listed!(
    "SELECT b.id, b.user_id, b.thought_id, b.created_at, b.uuid, b.ap_id FROM social_boosts b WHERE b.id IN",
    ""
);

struct Boost {
    id: Id,
    by: Id,
    thought: Id,
    created_at: String,
    uri: String,
}

/// What has these ids and may be seen by `viewer`, in this order.
pub(crate) fn statuses(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    ids: &[Id],
) -> Result<Vec<Status>, social::Error> {
    let boosts = BOOSTS.query(conn, ids, &[], |row| {
        let uri = match row.opt_text(5)? {
            Some(uri) => uri.to_owned(),
            None => addresses.activity_of("announce", row.text(4)?),
        };
        let (id, by, thought) = (Id(row.int(0)?), Id(row.int(1)?), Id(row.int(2)?));
        Ok(Boost { id, by, thought, created_at: instant(row.int(3)?), uri })
    })?;
    let boosts: HashMap<Id, Boost> = boosts.into_iter().map(|boost| (boost.id, boost)).collect();
    let wanted = ids.iter().map(|id| boosts.get(id).map_or(*id, |boost| boost.thought));
    let wanted: Vec<Id> = wanted.collect::<HashSet<_>>().into_iter().collect();
    let loaded = thoughts::load(conn, viewer, &wanted)?;
    let people = loaded.iter().map(|thought| thought.author.id).chain(boosts.values().map(|boost| boost.by));
    let people: Vec<Id> = people.collect();
    let standings = match viewer {
        Some(viewer) => standing(conn, viewer, clock::now_micros(), &people)?,
        None => HashMap::new(),
    };
    let shown = loaded.iter().map(|thought| {
        let mut status = Status::new(thought, addresses);
        let standing = standings.get(&thought.author.id).copied().unwrap_or_default();
        (status.muted, status.is_unwanted) = (standing.mutes, !bears(standing));
        (thought.id, status)
    });
    let shown: HashMap<Id, Status> = shown.collect();
    let boosters: Vec<Id> = boosts.values().map(|boost| boost.by).collect();
    let boosters = accounts(conn, addresses, &boosters)?;
    let found = ids.iter().filter_map(|id| match boosts.get(id) {
        None => shown.get(id).cloned(),
        Some(boost) => {
            let (thought, by) = (shown.get(&boost.thought)?.clone(), boosters.get(&boost.by)?.clone());
            let booster = standings.get(&boost.by).copied().unwrap_or_default();
            let mut status = thought.boosted(boost.id, boost.created_at.clone(), by, boost.uri.clone());
            status.is_unwanted |= !bears(booster);
            Some(status)
        }
    });
    Ok(found.collect())
}

/// One of them.
pub(crate) fn status(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    id: Id,
) -> Result<Option<Status>, social::Error> {
    Ok(statuses(conn, addresses, viewer, &[id])?.pop())
}

/// The thought that is meant with an id, which may be that of a boost of it, if `viewer` may see it.
pub(crate) fn meant(conn: &mut Conn<'_>, viewer: Option<Id>, id: Id) -> Result<Option<Id>, social::Error> {
    let thought = BOOSTS.query(conn, &[id], &[], |row| Ok(Id(row.int(2)?)))?.pop().unwrap_or(id);
    Ok(thoughts::visible(conn, viewer, thought)?.then_some(thought))
}

/// Whether somebody wants to be shown what the other does without having asked for it.
fn bears(standing: Standing) -> bool {
    !(standing.mutes || standing.blocks || standing.is_blocked_by || standing.blocks_domain)
}
