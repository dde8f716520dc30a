//! What whoever runs the server may know of accounts and do about them, on the database alone: a server may run beside it and
//! notices. What only clients can read stays so.

mod figures;
mod routes;

use server::Extension;
use store::Database;

use crate::Error;
use crate::account::delete_by_operator;
use crate::tokens::revoke_all;
pub use figures::Figures;

/// The accounts of the relay, for commands.
#[derive(Clone, Debug)]
pub struct Operator {
    state: Database,
}

impl Operator {
    /// On the durable database.
    #[must_use]
    pub fn new(state: Database) -> Self {
        Self { state }
    }

    /// What the relay adds to the admin API: accounts in figures, and the end of their tokens.
    #[must_use]
    pub fn extension(&self) -> Extension {
        routes::extension(self)
    }

    /// The newest accounts, at most `limit`, newest first.
    pub async fn accounts(&self, limit: u32) -> Result<Vec<Figures>, Error> {
        self.state.read(move |conn| figures::newest(conn, limit)).await
    }

    /// One account, if there is one of this id.
    pub async fn account(&self, id: &str) -> Result<Option<Figures>, Error> {
        let id = id.to_owned();
        self.state.read(move |conn| figures::of(conn, &id)).await
    }

    /// Deletes an account and everything of it, as it could itself; whether there was one. When this is interrupted, the
    /// server goes on, or this when it is done again. Objects of the bucket are removed by the server.
    pub async fn delete(&self, id: &str) -> Result<bool, Error> {
        delete_by_operator(&self.state, id.into()).await
    }

    /// Makes every token of an account good for nothing, those of a server that it came from among them, shown here or not; how
    /// many were known. Whoever has the account's key gets new ones. Servers notice within seconds, sockets are closed within
    /// minutes.
    pub async fn revoke_tokens(&self, id: &str) -> Result<u64, Error> {
        let id = id.to_owned();
        self.state.write(move |conn| revoke_all(conn, &id)).await
    }
}
