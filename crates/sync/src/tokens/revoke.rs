//! A token that is good for nothing any more.

use std::sync::Arc;

use store::{Conn, v};

use super::imported::{self, remember_all_revoked, remember_revoked};
use super::{Identity, Tokens};
use crate::Error;

impl Tokens {
    /// Whether the account had such a token.
    pub(super) async fn revoke(&self, account: Arc<str>, id: String) -> Result<bool, Error> {
        let gone = {
            let (account, id) = (account, id.clone());
            self.state.write(move |conn| remove(conn, &account, &id)).await?
        };
        self.forget(&id);
        Ok(gone)
    }

    /// Asks the database again for this token.
    pub(crate) fn forget(&self, id: &str) {
        self.forget_those(|identity| &*identity.token == id);
    }

    /// Asks the database again for all tokens of an account.
    pub(crate) fn forget_account(&self, account: &str) {
        self.forget_those(|identity| &*identity.account == account);
    }

    fn forget_those(&self, is_meant: impl Fn(&Identity) -> bool) {
        let remembered: Vec<Arc<String>> =
            self.verified.iter().filter(|(_, identity)| is_meant(identity)).map(|(hash, _)| hash).collect();
        let remembered =
            if faults::mutant!("sync-revoked-token-remembered") { Vec::new() } else { remembered };
        for hash in remembered {
            self.verified.invalidate(&*hash);
        }
    }
}

fn remove(conn: &mut Conn<'_>, account: &str, id: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM sync_tokens WHERE id = $1 AND account_id = $2 RETURNING hash";
    let hash = conn.query_opt(sql, &[v(id), v(account)], |row| row.string(0))?;
    let Some(hash) = hash else { return Ok(false) };
    if imported::id(&hash) == id {
        remember_revoked(conn, account, &hash)?;
    }
    Ok(true)
}

/// Every token of an account, those among them that were signed elsewhere and have never been shown here; how many were known.
pub(crate) fn revoke_all(conn: &mut Conn<'_>, account: &str) -> Result<u64, Error> {
    remember_all_revoked(conn, account)?;
    Ok(conn.execute("DELETE FROM sync_tokens WHERE account_id = $1", &[v(account)])?)
}
