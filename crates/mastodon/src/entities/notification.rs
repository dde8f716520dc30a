//! `Notification`: what somebody is told.

use serde::Serialize;
use social::{Addresses, Id};
use store::Conn;

use super::account::{Account, accounts};
use super::moment::instant;
use super::status::Status;
use super::statuses::statuses;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Notification {
    pub(crate) id: Id,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) created_at: String,
    pub(crate) group_key: String,
    pub(crate) account: Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Status>,
}

/// The row of one.
pub(crate) struct Note {
    pub(crate) id: Id,
    pub(crate) kind: String,
    pub(crate) from: Id,
    pub(crate) thought: Option<Id>,
    pub(crate) created_at: i64,
}

/// Kinds as they are stored, and Mastodon's names of them.
pub(crate) const KINDS: [(&str, &str); 8] = [
    ("like", "favourite"),
    ("boost", "reblog"),
    ("follow", "follow"),
    ("follow_request", "follow_request"),
    ("reply", "mention"),
    ("mention", "mention"),
    ("status", "status"),
    ("update", "update"),
];

/// Those whose accounts are there and whose statuses `me` may see, in the order of `notes`.
pub(crate) fn notifications(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    me: Id,
    notes: &[Note],
) -> Result<Vec<Notification>, social::Error> {
    let from: Vec<Id> = notes.iter().map(|note| note.from).collect();
    let about: Vec<Id> = notes.iter().filter_map(|note| note.thought).collect();
    let accounts = accounts(conn, addresses, &from)?;
    let statuses = statuses(conn, addresses, Some(me), &about)?;
    let shown = notes.iter().filter_map(|note| {
        let kind = KINDS.iter().find(|(stored, _)| *stored == note.kind)?.1;
        let status = note.thought.map(|id| statuses.iter().find(|status| status.id == id).cloned());
        Some(Notification {
            id: note.id,
            kind,
            created_at: instant(note.created_at),
            group_key: format!("ungrouped-{}", note.id),
            account: accounts.get(&note.from)?.clone(),
            status: match status {
                Some(None) => return None,
                other => other.flatten(),
            },
        })
    });
    Ok(shown.collect())
}
