//! An activity and whom it goes to, as rows; part of the transaction that it tells of.

use std::collections::BTreeSet;

use activitypub::Address;
use social::Id;
use store::{Conn, Engine, Error, v};

/// What is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    /// The id of the activity.
    pub(crate) address: String,
    /// Somebody at home.
    pub(crate) sender: Id,
    /// What it is about, if a later activity about the same makes it needless.
    pub(crate) subject: Option<String>,
    /// The activity.
    pub(crate) body: String,
    /// Where to. An address that is none is left out.
    pub(crate) inboxes: BTreeSet<String>,
}

/// Queues an activity for each inbox, once. Returns how many there are.
pub(crate) fn enqueue(conn: &mut Conn<'_>, now: i64, outgoing: &Outgoing) -> Result<usize, Error> {
    let places: Vec<(String, &str)> = outgoing
        .inboxes
        .iter()
        .filter_map(|inbox| {
            Address::parse(inbox).ok().map(|address| (address.authority().to_owned(), inbox.as_str()))
        })
        .collect();
    if places.is_empty() {
        return Ok(0);
    }
    if let Some(subject) = &outgoing.subject {
        supersede(conn, now, outgoing.sender, subject)?;
    }
    // In the order in which they are written, also within one millisecond: that is the order in which they are sent.
    let activity = next(conn, "SELECT coalesce(max(id), 0) FROM social_activities", now)?;
    let written = conn.execute(
        "INSERT INTO social_activities (id, address, sender, subject, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (address) DO NOTHING",
        &[v(activity), v(&outgoing.address), v(outgoing.sender), v(outgoing.subject.as_deref()), v(&outgoing.body), v(now)],
    )?;
    if written == 0 {
        return Ok(0);
    }
    let first = next(conn, "SELECT coalesce(max(id), 0) FROM social_deliveries", now)?;
    match conn.engine() {
        Engine::Sqlite => one_by_one(conn, now, outgoing.sender, activity, first, &places)?,
        Engine::Postgres => together(conn, now, outgoing.sender, activity, first, &places)?,
    }
    Ok(places.len())
}

fn next(conn: &mut Conn<'_>, last: &str, now: i64) -> Result<i64, Error> {
    let last: i64 = conn.query_one(last, &[], |row| row.int(0))?;
    Ok(Id::first_at(now).0.max(last + 1))
}

fn one_by_one(
    conn: &mut Conn<'_>,
    now: i64,
    sender: Id,
    activity: i64,
    first: i64,
    places: &[(String, &str)],
) -> Result<(), Error> {
    for (id, (host, inbox)) in (first..).zip(places) {
        conn.execute(
            "INSERT INTO social_deliveries (id, activity, sender, host, inbox, state, due_at) VALUES ($1, $2, $3, $4, $5, 'queued', $6)",
            &[v(id), v(activity), v(sender), v(host), v(*inbox), v(now)],
        )?;
    }
    Ok(())
}

fn together(
    conn: &mut Conn<'_>,
    now: i64,
    sender: Id,
    activity: i64,
    first: i64,
    places: &[(String, &str)],
) -> Result<(), Error> {
    let ids: Vec<i64> = (first..).take(places.len()).collect();
    let hosts: Vec<Option<&str>> = places.iter().map(|(host, _)| Some(host.as_str())).collect();
    let inboxes: Vec<Option<&str>> = places.iter().map(|(_, inbox)| Some(*inbox)).collect();
    conn.execute(
        "INSERT INTO social_deliveries (id, activity, sender, host, inbox, state, due_at)
         SELECT id, $1, $2, host, inbox, 'queued', $3 FROM unnest($4::bigint[], $5::text[], $6::text[]) AS place (id, host, inbox)",
        &[v(activity), v(sender), v(now), v(&ids[..]), v(&hosts[..]), v(&inboxes[..])],
    )?;
    Ok(())
}

/// What waits about the same subject and is older news: a change that another change overtakes. What was never told of at all is, first.
fn supersede(conn: &mut Conn<'_>, now: i64, sender: Id, subject: &str) -> Result<(), Error> {
    conn.execute(
        "UPDATE social_deliveries SET state = 'superseded', settled_at = $1
         WHERE state = 'queued' AND leased_to <= $1
           AND activity IN (SELECT id FROM social_activities WHERE subject = $2 AND sender = $3 AND address <> $2 || '/activity')",
        &[v(now), v(subject), v(sender)],
    )?;
    Ok(())
}
