//! The directory of identities.

use serde_json::json;

use super::Standing;
use super::reply::Reply;
use super::world::World;

/// Answers `GET /DID`.
pub(super) fn reply(world: &World, path: &str) -> Reply {
    let did = path.trim_start_matches('/').replace("%3A", ":");
    let message = |text: String| Reply { status: 404, ..Reply::json(&json!({ "message": text })) };
    let guest = world.guests.lock().expect("nobody panicked").get(&did).cloned();
    if let Some(document) = guest {
        return Reply::json(&document);
    }
    let Some(account) = world.account(&did) else {
        return message(format!("DID not registered: {did}"));
    };
    let standing = account.state().standing;
    match standing {
        Standing::NeverRegistered => message(format!("DID not registered: {did}")),
        Standing::Tombstoned => message(format!("DID not available: {did}")),
        _ => Reply {
            content_type: "application/did+ld+json; charset=utf-8",
            ..Reply::json(&account.document(|host| world.origin(host)))
        },
    }
}
