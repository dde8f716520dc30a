//! Sharing an account, and no longer sharing it.

use atproto::Did;
use events::{Event, kinds};
use store::v;

use super::Role;
use crate::{
    clients::{ClientError, Clients},
    clock::now_micros,
};

impl Clients {
    /// Shares an account within a client. Only the account itself does that: `caller` must be signed in as it.
    pub(in crate::clients) async fn link_account(
        &self,
        client_id: &str,
        caller: &str,
        account: &Did,
    ) -> Result<(), ClientError> {
        if caller != account.as_str() {
            return Err(ClientError::Forbidden("only the account itself can be linked; sign in as it"));
        }
        let (client, did, now) = (client_id.to_owned(), account.to_string(), now_micros());
        self.parts
            .state
            .write(move |conn| {
                let linked = conn.execute(
                    "INSERT INTO delegated_accounts (account_did, api_client_id, linked_by, created_at) \
                     VALUES ($1, $2, $1, $3) ON CONFLICT DO NOTHING",
                    &[v(&did), v(&client), v(now)],
                )?;
                if linked == 0 {
                    return Err(ClientError::Conflict("account is already linked"));
                }
                conn.execute(
                    "INSERT INTO account_delegates \
                       (account_did, api_client_id, user_did, role, granted_by, created_at) \
                     VALUES ($1, $2, $1, $3, $1, $4)",
                    &[v(&did), v(&client), v(Role::Owner.name()), v(now)],
                )?;
                Ok(())
            })
            .await?;
        self.parts
            .events
            .record(Event::new(kinds::DELEGATION_ACCOUNT_LINKED).actor(caller).subject(account.as_str()));
        Ok(())
    }

    /// No longer shares an account; all its delegates lose it.
    pub(in crate::clients) async fn unlink_account(
        &self,
        client_id: &str,
        caller: &str,
        account: &Did,
    ) -> Result<(), ClientError> {
        let (client, user, did) = (client_id.to_owned(), caller.to_owned(), account.to_string());
        self.parts
            .state
            .write(move |conn| {
                if Role::of(conn, &client, &did, &user)? != Role::Owner {
                    return Err(ClientError::Forbidden("only the owner can unlink an account"));
                }
                conn.execute(
                    "DELETE FROM delegated_accounts WHERE account_did = $1 AND api_client_id = $2",
                    &[v(&did), v(&client)],
                )?;
                Ok(())
            })
            .await?;
        self.parts
            .events
            .record(Event::new(kinds::DELEGATION_ACCOUNT_UNLINKED).actor(caller).subject(account.as_str()));
        Ok(())
    }
}
