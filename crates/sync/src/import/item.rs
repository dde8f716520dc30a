//! What every kind of row has in common.

use accounts::imported::RowError;
use accounts::{Imported, Vault};
use store::{Conn, Value, v};

use super::OldSecrets;
use crate::Error;

/// What opens the old server's secrets, and seals them anew.
#[derive(Clone, Debug)]
pub(super) struct Seals {
    pub(super) vault: Vault,
    pub(super) old: Option<OldSecrets>,
}

/// Why a row is not taken over.
pub(super) type Trouble = accounts::imported::Trouble<Error>;

impl RowError for Error {
    fn of_the_database(&self) -> Option<&store::Error> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Refuses what belongs to an account that is not here.
pub(super) fn require_account(conn: &mut Conn<'_>, account: &str) -> Result<(), Trouble> {
    let sql = "SELECT 1 FROM sync_accounts WHERE id = $1 AND imported = 1";
    let found = conn.query_opt(sql, &[v(account)], |row| row.int(0))?;
    found.map(drop).ok_or_else(|| Trouble::refused(format!("its account {account} was not taken over")))
}

/// Refuses what belongs to a session that is not here, or somebody else's.
pub(super) fn require_session(
    conn: &mut Conn<'_>,
    session: &str,
    account: Option<&str>,
) -> Result<(), Trouble> {
    let sql = "SELECT account_id FROM sync_sessions WHERE id = $1";
    let found = conn.query_opt(sql, &[v(session)], |row| row.string(0))?;
    match found {
        Some(owner) if account.is_none_or(|account| account == owner) => Ok(()),
        _ => Err(Trouble::refused(format!("its session {session} was not taken over"))),
    }
}

/// What is to be done with a row, given what is here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Nothing is here.
    New,
    /// An older version is here.
    Older,
    /// What is here was written as late or later.
    Here,
}

impl Stand {
    /// The same of what belongs to an account, which must be here.
    pub(super) fn of_account(
        conn: &mut Conn<'_>,
        sql: &str,
        key: &[Value<'_>],
        account: &str,
        updated_at: i64,
    ) -> Result<Self, Trouble> {
        require_account(conn, account)?;
        Self::of(conn, sql, key, account, updated_at)
    }

    /// Looks up whose a row is and when it was written: columns `account_id`, `updated_at`.
    pub(super) fn of(
        conn: &mut Conn<'_>,
        sql: &str,
        key: &[Value<'_>],
        account: &str,
        updated_at: i64,
    ) -> Result<Self, Trouble> {
        let found = conn.query_opt(sql, key, |row| Ok::<_, store::Error>((row.string(0)?, row.int(1)?)))?;
        match found {
            None => Ok(Self::New),
            Some((owner, _)) if owner != account => {
                Err(Trouble::refused("something of another account has its id here"))
            }
            Some((_, here)) if here >= updated_at => Ok(Self::Here),
            Some(_) => Ok(Self::Older),
        }
    }

    pub(super) fn imported(self) -> Imported {
        match self {
            Self::New => Imported::Added,
            Self::Older => Imported::Replaced,
            Self::Here => Imported::Kept,
        }
    }
}
