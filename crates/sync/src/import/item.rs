//! What every kind of row has in common.

use accounts::{Imported, Vault};
use serde::de::DeserializeOwned;
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
pub(super) enum Trouble {
    /// For a reason of its own; nothing was written.
    Refused(String),
    /// For a reason that is the database's.
    Failed(Error),
}

impl Trouble {
    pub(super) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(reason.into())
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<accounts::Error> for Trouble {
    fn from(error: accounts::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A row of the old server, of a kind that is taken over together.
pub(super) trait Batch: DeserializeOwned + Send + Sync + 'static {
    /// What to call it in a report.
    fn name(&self) -> String;

    /// Writes them; what became of each, or why it was refused.
    fn put_all(
        batch: &[Self],
        conn: &mut Conn<'_>,
        seals: &Seals,
    ) -> Result<Vec<Result<Imported, String>>, Error>;
}

/// A row of the old server, of a kind that is taken over one by one.
pub(super) trait Item: DeserializeOwned + Send + Sync + 'static {
    /// What to call it in a report.
    fn name(&self) -> String;

    /// Writes it. Refuses before it has written anything.
    fn put(&self, conn: &mut Conn<'_>, seals: &Seals) -> Result<Imported, Trouble>;
}

impl<T: Item> Batch for T {
    fn name(&self) -> String {
        Item::name(self)
    }

    fn put_all(
        batch: &[Self],
        conn: &mut Conn<'_>,
        seals: &Seals,
    ) -> Result<Vec<Result<Imported, String>>, Error> {
        let put = |item: &T| match item.put(conn, seals) {
            Ok(imported) => Ok(Ok(imported)),
            Err(Trouble::Refused(reason)) => Ok(Err(reason)),
            Err(Trouble::Failed(error)) => Err(error),
        };
        batch.iter().map(put).collect()
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
