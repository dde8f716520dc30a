//! Users and their keys.

use accounts::permissions::permission;
use accounts::users::ImportedUser;
use accounts::{ApiKeys, ImportedKey, Users};
use anyhow::Result;
use atproto::Did;
use server::Permission;

use super::kind::Kind;
use super::run::{Run, Taken, settled};

impl Run<'_> {
    pub(super) async fn users(&mut self) -> Result<()> {
        let mut kind = Kind::new("users");
        let users = Users::new(self.target.store.state.clone(), self.log.clone());
        let existing = self.existing;
        let take = async |user: happyview::User, kind: &mut Kind| {
            let did = match Did::parse(&user.did) {
                Ok(did) => did,
                Err(error) => return Ok(Taken::skipped(error, "add them: belvedere user add DID")),
            };
            let new = ImportedUser {
                id: user.id,
                did,
                is_super: user.is_super,
                permissions: known(kind, &user.did, &user.permissions),
                created_at: user.created_at,
                last_used_at: user.last_used_at,
            };
            let outcome = users.import(new, existing).await;
            if outcome.as_ref().is_ok_and(|done| user.is_super && !done.is_super) {
                let help = format!("belvedere user transfer-super {}", user.did);
                kind.note(&user.did, format!("they are not the super user here: somebody else is; {help}"));
            }
            settled(outcome.map(|done| done.imported), String::new)
        };
        let items = self.source.users();
        self.each(&mut kind, items, |user| user.did.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }

    pub(super) async fn api_keys(&mut self) -> Result<()> {
        let mut kind = Kind::new("API keys");
        let keys = ApiKeys::new(&Users::new(self.target.store.state.clone(), self.log.clone()));
        let existing = self.existing;
        let take = async |key: happyview::ApiKey, kind: &mut Kind| {
            let owner = match Did::parse(&key.owner_did) {
                Ok(owner) => owner,
                Err(error) => return Ok(Taken::skipped(format!("its owner: {error}"), "")),
            };
            let permissions = known(kind, &shown(&key), &key.permissions);
            let new = ImportedKey {
                id: key.id,
                owner,
                name: key.name,
                key_hash: key.key_hash,
                key_prefix: key.key_prefix,
                permissions,
                created_at: key.created_at,
                last_used_at: key.last_used_at,
                revoked_at: key.revoked_at,
            };
            settled(keys.import(new, existing).await, || "make a new one: belvedere key create".to_owned())
        };
        let items = self.source.api_keys();
        self.each(&mut kind, items, shown, take).await?;
        self.report.add(kind);
        Ok(())
    }
}

/// How lists show a key.
fn shown(key: &happyview::ApiKey) -> String {
    format!("{}… {}", key.key_prefix.chars().take(11).collect::<String>(), key.name)
}

/// The permissions that there are here. Others never did anything that this server does.
fn known(kind: &mut Kind, item: &str, names: &[String]) -> Vec<Permission> {
    let (known, unknown): (Vec<_>, Vec<_>) = names.iter().partition(|name| permission(name).is_some());
    if !unknown.is_empty() {
        let list: Vec<_> = unknown.iter().take(10).map(|name| name.as_str()).collect();
        kind.note(item, format!("there is no permission {} here", list.join(", ")));
    }
    known.iter().filter_map(|name| permission(name)).collect()
}
