//! `DELETE /v1/account?confirm=ID`: the account and every row of it, for good. The reference has nothing like it.
//!
//! First, in one transaction, it stops being an account: its tokens, its key, its name and its ties to others are gone, and
//! a mark says so. Then its data goes in steps that keep nobody waiting, its row last. Whatever ends the server in
//! between, [`finish`] goes on from the mark.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use server::{Json, Problem};
use store::{Conn, Database, v};

use crate::attachments::lose_of_account;
use crate::services::Services;
use crate::wire::{Done, Owner, Search};
use crate::{Error, avatars};

/// Takes what is large and many, so that what goes with the account's row is neither. Each removes some and is repeated until
/// none is left.
const STEPS: [&str; 5] = [
    "DELETE FROM sync_attachments WHERE (session_id, name) IN
         (SELECT session_id, name FROM sync_attachments WHERE account_id = $1 LIMIT 20)",
    "DELETE FROM sync_messages WHERE (session_id, seq) IN
         (SELECT m.session_id, m.seq FROM sync_sessions s JOIN sync_messages m ON m.session_id = s.id
          WHERE s.account_id = $1 LIMIT 5000)",
    "DELETE FROM sync_updates WHERE account_id = $1 AND seq IN
         (SELECT seq FROM sync_updates WHERE account_id = $1 ORDER BY seq LIMIT 5000)",
    "DELETE FROM sync_artifacts WHERE id IN (SELECT id FROM sync_artifacts WHERE account_id = $1 LIMIT 100)",
    "DELETE FROM sync_values WHERE account_id = $1 AND key IN
         (SELECT key FROM sync_values WHERE account_id = $1 LIMIT 1000)",
];

#[derive(Deserialize)]
pub(super) struct Confirmation {
    confirm: String,
}

pub(super) async fn delete(
    State(services): State<Services>,
    owner: Owner,
    Search(Confirmation { confirm }): Search<Confirmation>,
) -> Result<Json<Done>, Problem> {
    if *confirm != *owner.account {
        return Err(Error::Invalid("`confirm` must be the id of the account, as its profile says it").into());
    }
    // It is carried out to the end also when the caller goes away.
    tokio::spawn(async move {
        let Owner { account, token } = owner;
        let marked = account.clone();
        services.relay.state().write(move |conn| mark(conn, &marked, &token)).await?;
        services.tokens.forget_account(&account);
        services.relay.close_all_sockets(&account);
        remove(services.relay.state(), account).await
    })
    .await
    .map_err(|_| Error::Ended)??;
    Ok(Json(Done::YES))
}

/// What whoever runs the server decides; whether there is such an account. It goes on with one that was interrupted.
pub(crate) async fn delete_by_operator(state: &Database, account: Arc<str>) -> Result<bool, Error> {
    let marked = account.clone();
    let is_there = state.write(move |conn| {
        let sql = "SELECT 1 FROM sync_accounts WHERE id = $1";
        let found = conn.query_opt(sql, &[v(&*marked)], |row| row.int(0))?;
        if found.is_some() {
            end(conn, &marked)?;
        }
        Ok::<_, Error>(found.is_some())
    });
    if !is_there.await? {
        return Ok(false);
    }
    remove(state, account).await?;
    Ok(true)
}

/// Begins it. Only somebody who has the account's key may; a terminal was let in to work, not to do this.
fn mark(conn: &mut Conn<'_>, account: &str, token: &str) -> Result<(), Error> {
    let sql = "SELECT origin FROM sync_tokens WHERE id = $1 AND account_id = $2";
    let origin = conn.query_opt(sql, &[v(token), v(account)], |row| Ok::<_, Error>(row.string(0)?))?;
    match origin.as_deref() {
        None => return Err(Error::NotFound("Account")),
        Some("terminal") => {
            return Err(Error::Forbidden("A terminal cannot delete the account; a device can"));
        }
        Some(_) => {}
    }
    end(conn, account)
}

/// Ends what makes it an account.
fn end(conn: &mut Conn<'_>, account: &str) -> Result<(), Error> {
    conn.execute(
        "UPDATE sync_accounts SET public_key = 'deleted:' || id, username = NULL, first_name = NULL, last_name = NULL,
             github_id = NULL, github_profile = NULL, settings = NULL
         WHERE id = $1",
        &[v(account)],
    )?;
    avatars::remove(conn, account)?;
    // What others were told about it.
    conn.execute(
        "DELETE FROM sync_feed_items
         WHERE account_id IN (SELECT to_account FROM sync_relationships WHERE from_account = $1
                              UNION SELECT from_account FROM sync_relationships WHERE to_account = $1)
           AND repeat_key IN ('friend_request_' || $1, 'friend_accepted_' || $1)",
        &[v(account)],
    )?;
    for sql in [
        "DELETE FROM sync_relationships WHERE from_account = $1 OR to_account = $1",
        "DELETE FROM sync_tokens WHERE account_id = $1",
        "DELETE FROM sync_push_tokens WHERE account_id = $1",
        "DELETE FROM sync_vendor_tokens WHERE account_id = $1",
        "DELETE FROM sync_pairings WHERE account_id = $1",
    ] {
        conn.execute(sql, &[v(account)])?;
    }
    Ok(())
}

/// Removes what a marked account has, and then its row; other tables follow that by themselves.
async fn remove(state: &Database, account: Arc<str>) -> Result<(), Error> {
    for sql in STEPS {
        loop {
            let account = account.clone();
            let step = move |conn: &mut Conn<'_>| {
                lose_of_account(conn, &account)?;
                Ok::<_, Error>(conn.execute(sql, &[v(&*account)])?)
            };
            if state.write(step).await? == 0 {
                break;
            }
        }
    }
    let last = move |conn: &mut Conn<'_>| {
        lose_of_account(conn, &account)?;
        let sql = "DELETE FROM sync_accounts WHERE id = $1 AND public_key LIKE 'deleted:%'";
        conn.execute(sql, &[v(&*account)])?;
        Ok(())
    };
    state.write(last).await
}

/// Goes on with deletions that something interrupted.
pub(crate) async fn finish(state: &Database) -> Result<(), Error> {
    let marked = state.read(|conn| {
        let sql = "SELECT id FROM sync_accounts WHERE public_key LIKE 'deleted:%'";
        conn.query(sql, &[], |row| Ok::<_, Error>(row.string(0)?))
    });
    for account in marked.await? {
        remove(state, account.into()).await?;
    }
    Ok(())
}
