//! Which inboxes something goes to (spec/social.md §4.9, §4.10).

use std::collections::{BTreeSet, HashSet};

use activitypub::Address;
use social::Id;
use social::health::unavailable;
use store::{Conn, Error, v};

use crate::domains::Gate;

/// Hosts that one statement asks about.
const AT_ONCE: usize = 500;

/// Of the servers of those who follow somebody, one inbox each if they share one.
pub(super) fn followers(conn: &mut Conn<'_>, of: Id) -> Result<BTreeSet<String>, Error> {
    inboxes(
        conn,
        "SELECT DISTINCT coalesce(r.shared_inbox, r.inbox) FROM social_follows f JOIN social_remote_actors r ON r.user_id = f.follower
         WHERE f.followed = $1 AND f.state = 'accepted'",
        of,
    )
}

/// Of those whom a thought mentions: each their own, if it is for them only.
pub(super) fn mentioned(conn: &mut Conn<'_>, thought: Id, personal: bool) -> Result<BTreeSet<String>, Error> {
    let inbox = if personal { "r.inbox" } else { "coalesce(r.shared_inbox, r.inbox)" };
    inboxes(
        conn,
        &format!(
            "SELECT DISTINCT {inbox} FROM social_thought_mentions m JOIN social_remote_actors r ON r.user_id = m.user_id WHERE m.thought_id = $1"
        ),
        thought,
    )
}

/// Of those who boosted a thought.
pub(super) fn boosters(conn: &mut Conn<'_>, thought: Id) -> Result<BTreeSet<String>, Error> {
    inboxes(
        conn,
        "SELECT DISTINCT coalesce(r.shared_inbox, r.inbox) FROM social_boosts b JOIN social_remote_actors r ON r.user_id = b.user_id
         WHERE b.thought_id = $1",
        thought,
    )
}

/// Of one person, if they are elsewhere.
pub(super) fn person(conn: &mut Conn<'_>, id: Id) -> Result<BTreeSet<String>, Error> {
    inboxes(conn, "SELECT inbox FROM social_remote_actors WHERE user_id = $1", id)
}

/// Of everybody whom somebody told anything, as far as that is remembered.
pub(super) fn told_by(conn: &mut Conn<'_>, sender: Id) -> Result<BTreeSet<String>, Error> {
    inboxes(
        conn,
        "SELECT DISTINCT d.inbox FROM social_activities a JOIN social_deliveries d ON d.activity = a.id
         WHERE a.sender = $1 AND d.state <> 'superseded'",
        sender,
    )
}

/// Of everybody who was told of a subject.
pub(super) fn told_of(conn: &mut Conn<'_>, subject: &str) -> Result<BTreeSet<String>, Error> {
    let rows = conn.query(
        "SELECT DISTINCT d.inbox FROM social_activities a JOIN social_deliveries d ON d.activity = a.id WHERE a.subject = $1",
        &[v(subject)],
        |row| row.string(0),
    )?;
    Ok(rows.into_iter().collect())
}

fn inboxes(conn: &mut Conn<'_>, sql: &str, id: Id) -> Result<BTreeSet<String>, Error> {
    let rows = conn.query(sql, &[v(id)], |row| row.string(0))?;
    Ok(rows.into_iter().collect())
}

/// Personal inboxes of those whom somebody blocks.
pub(super) fn blocked(conn: &mut Conn<'_>, by: Id) -> Result<BTreeSet<String>, Error> {
    inboxes(
        conn,
        "SELECT r.inbox FROM social_blocks b JOIN social_remote_actors r ON r.user_id = b.blocked WHERE b.blocker = $1",
        by,
    )
}

/// Those of them that may be written to: on no host that is shut out or given up.
pub(super) fn permitted(
    conn: &mut Conn<'_>,
    gate: Gate,
    inboxes: BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    let at = |inbox: String| Some((Address::parse(&inbox).ok()?.authority().to_owned(), inbox));
    let places: Vec<(String, String)> = inboxes.into_iter().filter_map(at).collect();
    let hosts: BTreeSet<&str> = places.iter().map(|(host, _)| &**host).collect();
    let hosts: Vec<&str> = hosts.into_iter().collect();
    let mut closed: HashSet<String> = HashSet::new();
    for some in hosts.chunks(AT_ONCE) {
        closed.extend(gate.shut_out(conn, some)?.into_iter().map(str::to_owned));
        closed.extend(unavailable(conn, some)?);
    }
    let open = places.into_iter().filter(|(host, _)| !closed.contains(host));
    Ok(open.map(|(_, inbox)| inbox).collect())
}
