//! What somebody is to a shared account.

use std::{fmt, str::FromStr};

use serde::Serialize;
use store::{Conn, v};

use crate::clients::ClientError;

/// What somebody is to a shared account, from least to most. Each may write its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Writes.
    Member,
    /// Adds and removes members, too.
    Admin,
    /// Whoever shared the account; there is one.
    Owner,
}

impl Role {
    /// As stored and sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Whether it may decide who else writes.
    pub(super) fn manages(self) -> bool {
        self >= Self::Admin
    }

    /// The role of a user in the account that a client shares, if they have one.
    pub(super) fn find(
        conn: &mut Conn<'_>,
        client_id: &str,
        account: &str,
        user: &str,
    ) -> Result<Option<Self>, ClientError> {
        let sql = "SELECT role FROM account_delegates \
                   WHERE account_did = $1 AND api_client_id = $2 AND user_did = $3";
        conn.query_opt(sql, &[v(account), v(client_id), v(user)], |row| row.text(0)?.parse())
    }

    /// The same for somebody who must have one.
    pub(super) fn of(
        conn: &mut Conn<'_>,
        client_id: &str,
        account: &str,
        user: &str,
    ) -> Result<Self, ClientError> {
        let found = Self::find(conn, client_id, account, user)?;
        found.ok_or(ClientError::Forbidden("not a delegate of this account"))
    }
}

impl FromStr for Role {
    type Err = ClientError;

    fn from_str(name: &str) -> Result<Self, ClientError> {
        let all = [Self::Member, Self::Admin, Self::Owner];
        let found = all.into_iter().find(|role| role.name() == name);
        found.ok_or_else(|| ClientError::bad_request("role must be admin or member"))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
