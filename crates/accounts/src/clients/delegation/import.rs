//! Taking over accounts that several people write to.

use atproto::Did;
use store::{Conn, v};
use time::OffsetDateTime;

use super::Role;
use crate::{
    Existing, Imported,
    clients::{ClientError, ClientRegistry},
    imported::at,
};

/// A shared account as another server kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedDelegation {
    /// Which.
    pub account: Did,
    /// The key of the client that it is shared in, which must be here.
    pub client_key: String,
    /// Who shared it.
    pub linked_by: Did,
    /// Who may write to it: one of them its owner.
    pub delegates: Vec<ImportedDelegate>,
    /// When it was shared.
    pub created_at: Option<OffsetDateTime>,
}

/// Somebody who may write to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedDelegate {
    /// Who.
    pub user: Did,
    /// As what.
    pub role: Role,
    /// Who let them.
    pub granted_by: Did,
    /// When that was.
    pub created_at: Option<OffsetDateTime>,
}

impl ClientRegistry {
    /// Takes over a shared account with all its delegates.
    pub async fn import_delegation(
        &self,
        new: ImportedDelegation,
        existing: Existing,
    ) -> Result<Imported, ClientError> {
        if new.delegates.iter().filter(|delegate| delegate.role == Role::Owner).count() != 1 {
            return Err(ClientError::bad_request("a shared account has one owner"));
        }
        self.state.write(move |conn| new.put(conn, existing)).await
    }
}

impl ImportedDelegation {
    fn put(&self, conn: &mut Conn<'_>, existing: Existing) -> Result<Imported, ClientError> {
        let find = "SELECT id FROM api_clients WHERE client_key = $1";
        let client: Option<String> =
            conn.query_opt::<_, store::Error>(find, &[v(&self.client_key)], |row| row.string(0))?;
        let client = client.ok_or(ClientError::bad_request("the client that it is shared in is not here"))?;
        let key = [v(self.account.as_str()), v(&client)];
        let find = "SELECT 1 FROM delegated_accounts WHERE account_did = $1 AND api_client_id = $2";
        let is_here = conn.query_opt::<_, store::Error>(find, &key, |row| row.int(0))?.is_some();
        if is_here && existing == Existing::Keep {
            return Ok(Imported::Kept);
        }
        // Its delegates go with it.
        conn.execute("DELETE FROM delegated_accounts WHERE account_did = $1 AND api_client_id = $2", &key)?;
        conn.execute(
            "INSERT INTO delegated_accounts (account_did, api_client_id, linked_by, created_at) \
             VALUES ($1, $2, $3, $4)",
            &[key[0], key[1], v(self.linked_by.as_str()), v(at(self.created_at))],
        )?;
        for delegate in &self.delegates {
            conn.execute(
                "INSERT INTO account_delegates \
                   (account_did, api_client_id, user_did, role, granted_by, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                &[
                    key[0],
                    key[1],
                    v(delegate.user.as_str()),
                    v(delegate.role.name()),
                    v(delegate.granted_by.as_str()),
                    v(at(delegate.created_at)),
                ],
            )?;
        }
        Ok(if is_here { Imported::Replaced } else { Imported::Added })
    }
}
