//! What another server's people complain of.

use activitypub::Address;
use social::{Id, thoughts, users};
use store::v;
use uuid::Uuid;

use super::{Applying, Told};
use crate::Error;

/// Reports of one person that wait for somebody to look: more say nothing new.
const MAX_OPEN: i64 = 50;

/// Keeps a report about somebody here. Who it is from stays with the server that sent it.
pub(super) fn flag(
    applying: &mut Applying<'_, '_>,
    id: &str,
    reported: &[Address],
    comment: &str,
) -> Result<Told, Error> {
    let (mut target, mut uuids) = (None, Vec::new());
    for address in reported {
        if let Some(uuid) = applying.names.local_actor(address) {
            target = target.or(users::by_uuid(applying.conn, uuid)?.map(|user| user.id));
        } else if applying.names.local_note(address).is_some() {
            let found = thoughts::by_address(applying.conn, applying.names.addresses(), address.as_str())?;
            if let Some(row) = found {
                target = target.or(Some(row.author));
                uuids.push(row.uuid);
            }
        }
    }
    let Some(target) = target else { return Ok(Told::new()) };
    let open = applying.conn.query_one(
        "SELECT count(*) FROM social_reports WHERE target_id = $1 AND resolved_at IS NULL AND reporter_id IS NULL",
        &[v(target)],
        |row| row.int(0),
    )?;
    if open < MAX_OPEN {
        let (uuid, uuids, now) = (Uuid::new_v4().to_string(), serde_json::to_string(&uuids)?, applying.now);
        let sql =
            "INSERT INTO social_reports (id, uuid, target_id, thoughts, comment, activity_id, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        Id::insert(applying.conn, "social_reports", now, |conn, row| {
            conn.execute(sql, &[v(row), v(&uuid), v(target), v(&uuids), v(comment), v(id), v(now)])
        })?;
    }
    Ok(Told::new())
}
