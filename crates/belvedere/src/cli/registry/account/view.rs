//! An account of the registry as commands print it.

use repos::LocalAccount;
use serde::Serialize;

use crate::output::instant;

#[derive(Serialize)]
pub(super) struct AccountView {
    pub(super) did: String,
    pub(super) handle: String,
    pub(super) created_at: String,
}

impl From<LocalAccount> for AccountView {
    fn from(account: LocalAccount) -> Self {
        Self {
            did: account.did.to_string(),
            handle: account.handle.to_string(),
            created_at: instant(account.created_at),
        }
    }
}
