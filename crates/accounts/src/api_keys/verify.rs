//! What a key that somebody presents is worth now.

use std::{collections::HashSet, sync::Arc};

use server::{Caller, Permission, Principal};
use store::{Database, Row, v};

use super::list::stored_permissions;
use crate::{Error, permissions::permission, secret_hash::SecretHash};

/// The answer to a presented key.
pub(crate) enum Verdict {
    /// No key has this hash.
    Unknown,
    /// It was a key once.
    Revoked,
    /// Whom it speaks for and what it may do.
    Valid(Caller),
}

/// Looks a key up with the current rights of its owner.
pub(crate) async fn verify(state: &Database, hash: SecretHash) -> Result<Verdict, Error> {
    let hash = hash.to_hex();
    // One row per permission of the owner, so that one statement sees the key and the rights at the same moment.
    let rows = state
        .read(move |conn| {
            conn.query(
                "SELECT k.id, k.user_id, k.permissions, k.revoked_at, u.did, u.is_super, p.permission \
                 FROM api_keys k JOIN users u ON u.id = k.user_id \
                 LEFT JOIN user_permissions p ON p.user_id = k.user_id \
                 WHERE k.key_hash = $1",
                &[v(&hash)],
                found,
            )
        })
        .await?;
    let mut owner_holds = HashSet::new();
    let mut key = None;
    for (found, held) in rows {
        owner_holds.extend(held);
        key = Some(found);
    }
    Ok(key.map_or(Verdict::Unknown, |key| key.verdict(&owner_holds)))
}

/// A key row with what matters of its owner.
struct Found {
    key_id: Arc<str>,
    user_id: Arc<str>,
    did: Option<Arc<str>>,
    owner_is_super: bool,
    listed: Vec<Permission>,
    revoked: bool,
}

impl Found {
    /// A key may do what it lists and its owner may do now. A super user may do everything, a key of one only what it
    /// lists (spec/appview.md §4.3).
    fn verdict(self, owner_holds: &HashSet<Permission>) -> Verdict {
        if self.revoked && !faults::mutant!("accounts-revoked-key-works") {
            return Verdict::Revoked;
        }
        let all = self.owner_is_super || faults::mutant!("accounts-key-exceeds-its-owner");
        let held = |permission: &Permission| all || owner_holds.contains(permission);
        let permissions = self.listed.into_iter().filter(held).collect();
        let user_id = Some(self.user_id.clone());
        let principal = Principal::ApiKey { key_id: self.key_id, user_id: self.user_id, did: self.did };
        Verdict::Valid(Caller { principal, user_id, permissions })
    }
}

fn found(row: &Row<'_>) -> Result<(Found, Option<Permission>), Error> {
    let key_id = row.text(0)?;
    let found = Found {
        listed: stored_permissions(key_id, row.text(2)?)?,
        key_id: key_id.into(),
        user_id: row.text(1)?.into(),
        revoked: row.opt_int(3)?.is_some(),
        did: row.opt_text(4)?.map(Into::into),
        owner_is_super: row.bool(5)?,
    };
    Ok((found, row.opt_text(6)?.and_then(permission)))
}
