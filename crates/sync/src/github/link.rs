//! Connecting an account to a user of GitHub, and the end of it.

use std::sync::Arc;

use serde_json::{Value, json};
use store::v;

use super::user::{GithubUser, shown};
use crate::Error;
use crate::avatars::{self, Avatar, NewAvatar};
use crate::updates::{Audience, Tx};
use crate::vendors;
use crate::wire::Base;

/// A wish that GitHub has confirmed.
pub(super) struct Link {
    pub(super) account: Arc<str>,
    pub(super) user: GithubUser,
    /// Sealed.
    pub(super) token: Vec<u8>,
    /// In the place of the one that is shown, if any.
    pub(super) avatar: Option<NewAvatar>,
    pub(super) base: Base,
}

impl Link {
    /// Makes the account that of this user, and no other. Nothing is done where it is already.
    pub(super) fn make(&self, tx: &mut Tx<'_, '_>) -> Result<(), Error> {
        let Self { account, user, .. } = self;
        let found = tx.conn.query_opt(
            "SELECT github_id FROM sync_accounts WHERE id = $1 AND public_key NOT LIKE 'deleted:%'",
            &[v(&**account)],
            |row| Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned)),
        )?;
        if found.ok_or(Error::NotFound("Account"))?.as_deref() == Some(&user.id) {
            return Ok(());
        }
        self.take_from_others(tx)?;
        tx.conn.execute(
            "UPDATE sync_accounts SET github_id = $2, github_profile = $3, username = $4, first_name = $5,
                 last_name = $6, updated_at = $7
             WHERE id = $1",
            &[
                v(&**account),
                v(&user.id),
                v(&user.profile),
                v(&user.login),
                v(user.first_name.as_deref()),
                v(user.last_name.as_deref()),
                v(tx.now),
            ],
        )?;
        vendors::put_sealed(tx.conn, account, vendors::GITHUB, &self.token)?;
        if let Some(avatar) = &self.avatar {
            avatars::put(tx.conn, account, avatar, tx.now)?;
        }
        self.tell(tx)
    }

    /// From the account that was connected to this user, and from one that goes by this login, which GitHub has given to somebody
    /// else since.
    fn take_from_others(&self, tx: &mut Tx<'_, '_>) -> Result<(), Error> {
        let Self { account, user, .. } = self;
        let sql = "SELECT id FROM sync_accounts WHERE id <> $1 AND github_id = $2";
        let connected = tx.conn.query(sql, &[v(&**account), v(&user.id)], |row| row.string(0))?;
        for other in connected {
            unlink(tx, &other.into())?;
        }
        let sql = "UPDATE sync_accounts SET username = NULL, updated_at = $3
                   WHERE id <> $1 AND username = $2 RETURNING id";
        let named = tx.conn.query(sql, &[v(&**account), v(&user.login), v(tx.now)], |row| row.string(0))?;
        for other in named {
            let body = json!({ "t": "update-account", "id": other, "username": null });
            tx.tell(&other.into(), Audience::Users, &body)?;
        }
        Ok(())
    }

    fn tell(&self, tx: &mut Tx<'_, '_>) -> Result<(), Error> {
        let Self { account, user, base, .. } = self;
        let sql = "SELECT avatar FROM sync_accounts WHERE id = $1";
        let avatar = tx
            .conn
            .query_one(sql, &[v(&**account)], |row| Ok::<_, Error>(Avatar::of_column(row.opt_text(0)?)))?;
        let mut body = json!({
            "t": "update-account", "id": &**account, "github": shown(Some(&user.profile)), "username": user.login,
            "firstName": user.first_name, "lastName": user.last_name,
        });
        if let Some(avatar) = avatar {
            body["avatar"] = json!(avatar.at(base));
        }
        tx.tell(account, Audience::Users, &body)
    }
}

/// Ends the connection of an account, if it has one. Names and picture stay.
pub(super) fn unlink(tx: &mut Tx<'_, '_>, account: &Arc<str>) -> Result<(), Error> {
    let ended = tx.conn.execute(
        "UPDATE sync_accounts SET github_id = NULL, github_profile = NULL, username = NULL, updated_at = $2
         WHERE id = $1 AND (github_id IS NOT NULL OR github_profile IS NOT NULL)",
        &[v(&**account), v(tx.now)],
    )?;
    if ended == 0 {
        return Ok(());
    }
    vendors::remove(tx.conn, account, vendors::GITHUB)?;
    let body =
        json!({ "t": "update-account", "id": &**account, "github": Value::Null, "username": Value::Null });
    tx.tell(account, Audience::Users, &body)
}
