//! Which delivery is next: the first of each sender and host, if it is due and nobody is at it.

use store::{Conn, Error, v};

use super::Delivery;

/// How long nobody else takes up what somebody is at: longer than one attempt takes, both forms of signature included. Microseconds.
pub(super) const LEASE: i64 = 30_000_000;

/// Pairs of host and sender that one look passes.
const LOOKED_AT: usize = 2_000;

/// Where a look begins, and ends: so that everybody's turn comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    host: String,
    sender: i64,
}

/// What a look has found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Due and free, at most one of each sender and host.
    pub(super) due: Vec<Delivery>,
    /// When the first of the others is due.
    pub(super) next_due: Option<i64>,
}

/// Looks for at most `limit` deliveries from `position` on, which is moved to where it ended. `wanted` says whether a host may be
/// sent to now: the others are passed over at once, however much waits for them.
pub(super) fn look(
    conn: &mut Conn<'_>,
    now: i64,
    position: &mut Position,
    limit: usize,
    wanted: impl Fn(&str, usize) -> bool,
) -> Result<Found, Error> {
    let mut found = Found::default();
    let (start, mut wrapped) = (position.clone(), false);
    let mut of_host = 0;
    for _ in 0..LOOKED_AT {
        if found.due.len() >= limit {
            break;
        }
        let Some(head) = head_after(conn, position)? else {
            if wrapped {
                break;
            }
            (*position, wrapped) = (Position::default(), true);
            continue;
        };
        if position.host != head.delivery.host {
            of_host = 0;
        }
        *position = Position { host: head.delivery.host.clone(), sender: head.delivery.sender };
        if wrapped && (&position.host, position.sender) > (&start.host, start.sender) {
            break;
        }
        let ready_at = head.due_at.max(head.leased_to).max(head.host_at);
        if ready_at > now {
            found.next_due = Some(found.next_due.map_or(ready_at, |next| next.min(ready_at)));
            if head.host_at > now {
                position.sender = i64::MAX;
            }
        } else if wanted(&position.host, of_host) {
            of_host += 1;
            found.due.push(head.delivery);
        } else {
            position.sender = i64::MAX;
        }
    }
    Ok(found)
}

struct Head {
    delivery: Delivery,
    due_at: i64,
    leased_to: i64,
    /// Before that nothing is sent there.
    host_at: i64,
}

/// The first delivery of the first pair after `position`: one step in an index, however long the queue is.
fn head_after(conn: &mut Conn<'_>, position: &Position) -> Result<Option<Head>, Error> {
    conn.query_opt(
        "SELECT d.id, d.activity, d.sender, d.host, d.inbox, d.attempts, d.due_at, d.leased_to,
            (SELECT h.retry_at FROM social_hosts h WHERE h.host = d.host)
         FROM social_deliveries d WHERE d.state = 'queued' AND (d.host, d.sender) > ($1, $2)
         ORDER BY d.host, d.sender, d.id LIMIT 1",
        &[v(&position.host), v(position.sender)],
        |row| {
            Ok(Head {
                delivery: delivery(row)?,
                due_at: row.int(6)?,
                leased_to: row.int(7)?,
                host_at: row.opt_int(8)?.unwrap_or_default(),
            })
        },
    )
}

pub(super) fn delivery(row: &store::Row<'_>) -> Result<Delivery, Error> {
    Ok(Delivery {
        id: row.int(0)?,
        activity: row.int(1)?,
        sender: row.int(2)?,
        host: row.string(3)?,
        inbox: row.string(4)?,
        attempts: row.int(5)?,
    })
}

/// Takes deliveries, of which another instance may have been faster: those that are ours now.
pub(super) fn claim(conn: &mut Conn<'_>, now: i64, found: &[Delivery]) -> Result<Vec<Delivery>, Error> {
    let mut ours = Vec::with_capacity(found.len());
    for delivery in found {
        if take(conn, now, delivery.id)? {
            ours.push(delivery.clone());
        }
    }
    Ok(ours)
}

pub(super) fn take(conn: &mut Conn<'_>, now: i64, id: i64) -> Result<bool, Error> {
    // Since somebody looked, another may have been told that it is too early.
    let taken = conn.execute(
        "UPDATE social_deliveries SET leased_to = $2 WHERE id = $1 AND state = 'queued' AND leased_to <= $3 AND due_at <= $3
            AND NOT EXISTS (SELECT 1 FROM social_hosts h WHERE h.host = social_deliveries.host AND h.retry_at > $3)",
        &[v(id), v(now + LEASE), v(now)],
    )?;
    Ok(taken > 0)
}

/// Gives one back that nobody has tried.
pub(super) fn release(conn: &mut Conn<'_>, id: i64, due_at: i64) -> Result<(), Error> {
    conn.execute(
        "UPDATE social_deliveries SET leased_to = 0, due_at = $2 WHERE id = $1 AND state = 'queued'",
        &[v(id), v(due_at)],
    )?;
    Ok(())
}
