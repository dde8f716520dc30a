//! Adding and removing delegates.

use atproto::Did;
use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};

use super::Role;
use crate::{
    clients::{ClientError, Clients},
    clock::now_micros,
};

impl Clients {
    /// Lets somebody else write to a shared account.
    pub(in crate::clients) async fn add_delegate(
        &self,
        client_id: &str,
        caller: &str,
        account: &Did,
        user: &Did,
        role: Role,
    ) -> Result<(), ClientError> {
        if role == Role::Owner {
            return Err(ClientError::bad_request("role must be admin or member; an account has one owner"));
        }
        let (client, by, now) = (client_id.to_owned(), caller.to_owned(), now_micros());
        let (did, delegate) = (account.to_string(), user.to_string());
        self.parts
            .state
            .write(move |conn| {
                must_manage(conn, &client, &did, &by)?;
                let added = conn.execute(
                    "INSERT INTO account_delegates \
                       (account_did, api_client_id, user_did, role, granted_by, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    &[v(&did), v(&client), v(&delegate), v(role.name()), v(&by), v(now)],
                )?;
                if added == 0 {
                    Err(ClientError::Conflict("already a delegate of this account"))
                } else {
                    Ok(())
                }
            })
            .await?;
        self.parts.events.record(
            Event::new(kinds::DELEGATION_DELEGATE_ADDED)
                .actor(caller)
                .subject(account.as_str())
                .detail(json!({ "user_did": user, "role": role })),
        );
        Ok(())
    }

    /// No longer lets somebody write to a shared account.
    pub(in crate::clients) async fn remove_delegate(
        &self,
        client_id: &str,
        caller: &str,
        account: &Did,
        user: &Did,
    ) -> Result<(), ClientError> {
        let (client, by) = (client_id.to_owned(), caller.to_owned());
        let (did, delegate) = (account.to_string(), user.to_string());
        self.parts
            .state
            .write(move |conn| {
                let own = must_manage(conn, &client, &did, &by)?;
                match Role::find(conn, &client, &did, &delegate)? {
                    None => return Err(ClientError::NoSuchDelegate),
                    Some(Role::Owner) => return Err(ClientError::Forbidden("the owner cannot be removed")),
                    Some(Role::Admin) if own == Role::Admin => {
                        return Err(ClientError::Forbidden("only the owner can remove an admin"));
                    }
                    Some(_) => {}
                }
                conn.execute(
                    "DELETE FROM account_delegates \
                     WHERE account_did = $1 AND api_client_id = $2 AND user_did = $3",
                    &[v(&did), v(&client), v(&delegate)],
                )?;
                Ok(())
            })
            .await?;
        self.parts.events.record(
            Event::new(kinds::DELEGATION_DELEGATE_REMOVED)
                .actor(caller)
                .subject(account.as_str())
                .detail(json!({ "user_did": user })),
        );
        Ok(())
    }
}

fn must_manage(conn: &mut Conn<'_>, client_id: &str, account: &str, user: &str) -> Result<Role, ClientError> {
    let role = Role::of(conn, client_id, account, user)?;
    if role.manages() { Ok(role) } else { Err(ClientError::Forbidden("only an owner or admin can do that")) }
}
