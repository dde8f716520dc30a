//! Who may write to what.

use atproto::Did;
use server::Principal;
use store::v;

use super::{Delegate, Delegation, Role};
use crate::{
    clients::{ClientError, Clients},
    clock::from_micros,
    pds::PdsSession,
};

impl Clients {
    /// What `principal` is to a shared account, for writing to it in its owner's place. 401 for callers who do not come
    /// through an app with a session, 403 for those whom the account's owner did not admit in that app.
    pub async fn delegated_role(&self, principal: &Principal, account: &Did) -> Result<Role, ClientError> {
        Ok(self.delegation(principal, account).await?.1)
    }

    /// A session with the PDS of a shared account, for a caller who may write to it. It is one that the account has with the
    /// same app: there is none once the account has signed out everywhere.
    pub async fn delegated_session(
        &self,
        principal: &Principal,
        account: &Did,
    ) -> Result<PdsSession, ClientError> {
        let (client_id, _) = self.delegation(principal, account).await?;
        let sessions = self.parts.pds.devices(&client_id, account).await?;
        let newest = sessions.first().ok_or_else(|| {
            ClientError::unauthenticated("the account is signed out; its owner has to sign in again")
        })?;
        Ok(self.parts.pds.open(&newest.id).await?)
    }

    /// The row id of the caller's app, and what they are to the account in it.
    async fn delegation(&self, principal: &Principal, account: &Did) -> Result<(String, Role), ClientError> {
        let Principal::Dpop { did: user, client_key, .. } = principal else {
            return Err(ClientError::unauthenticated("delegation requires DPoP authentication"));
        };
        let client_id = self.usable(client_key).await?.id.clone();
        let (client, user, account) = (client_id.clone(), user.to_string(), account.to_string());
        let role = self.parts.state.read(move |conn| Role::of(conn, &client, &account, &user)).await?;
        Ok((client_id, role))
    }

    /// The accounts that a user may write to through a client.
    pub(in crate::clients) async fn accounts_of(
        &self,
        client_id: &str,
        user: &str,
    ) -> Result<Vec<Delegation>, ClientError> {
        let (client_id, user) = (client_id.to_owned(), user.to_owned());
        self.parts
            .state
            .read(move |conn| {
                conn.query(
                    "SELECT d.account_did, d.role, a.linked_by, d.created_at \
                     FROM account_delegates d JOIN delegated_accounts a \
                       ON a.account_did = d.account_did AND a.api_client_id = d.api_client_id \
                     WHERE d.user_did = $1 AND d.api_client_id = $2 ORDER BY d.created_at, d.account_did",
                    &[v(&user), v(&client_id)],
                    |row| {
                        Ok(Delegation {
                            did: row.string(0)?,
                            role: row.text(1)?.parse()?,
                            linked_by: row.string(2)?,
                            created_at: from_micros(row.int(3)?),
                        })
                    },
                )
            })
            .await
    }

    /// One of them.
    pub(in crate::clients) async fn shared_account(
        &self,
        client_id: &str,
        user: &str,
        account: &Did,
    ) -> Result<Delegation, ClientError> {
        let (client_id, user, account) = (client_id.to_owned(), user.to_owned(), account.to_string());
        self.parts
            .state
            .read(move |conn| {
                let role = Role::of(conn, &client_id, &account, &user)?;
                conn.query_one(
                    "SELECT linked_by, created_at FROM delegated_accounts \
                     WHERE account_did = $1 AND api_client_id = $2",
                    &[v(&account), v(&client_id)],
                    |row| {
                        Ok(Delegation {
                            did: account.clone(),
                            role,
                            linked_by: row.string(0)?,
                            created_at: from_micros(row.int(1)?),
                        })
                    },
                )
            })
            .await
    }

    /// Who may write to an account, for those who may.
    pub(in crate::clients) async fn delegates_of(
        &self,
        client_id: &str,
        user: &str,
        account: &Did,
    ) -> Result<Vec<Delegate>, ClientError> {
        let (client_id, user, account) = (client_id.to_owned(), user.to_owned(), account.to_string());
        self.parts
            .state
            .read(move |conn| {
                Role::of(conn, &client_id, &account, &user)?;
                conn.query(
                    "SELECT user_did, role, granted_by, created_at FROM account_delegates \
                     WHERE account_did = $1 AND api_client_id = $2 ORDER BY created_at, user_did",
                    &[v(&account), v(&client_id)],
                    |row| {
                        Ok(Delegate {
                            user_did: row.string(0)?,
                            role: row.text(1)?.parse()?,
                            granted_by: row.string(2)?,
                            created_at: from_micros(row.int(3)?),
                        })
                    },
                )
            })
            .await
    }
}
