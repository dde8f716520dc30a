//! Taking over what a Happy server kept (spec/sync.md §6, §8.1, §1.2).
//!
//! Rows come as JSON objects with a member for each column. Ids, numbers and versions stay what they are, so clients go on where
//! they were. Importing again brings what has changed since: of a row that is here already, the one that was written later
//! counts. A row that cannot be taken over holds up no other.
//!
//! Of the old server's master secret nothing is kept: what it sealed is sealed anew, and of the key that signed its
//! tokens only the public half is needed to know them ([`crate::tokens`]).

mod access_key;
mod account;
mod artifact;
mod attachment;
mod avatar;
mod github;
mod item;
mod kv;
mod machine;
mod message;
mod people;
mod push_token;
mod secrets;
mod session;
mod usage;
mod value;
mod vendor;

use accounts::Vault;
use accounts::imported::{Batch, take_all};
use serde_json::value::RawValue;
use store::{Conn, Database, v};

use crate::Error;
use crate::kept::recount;
pub use accounts::imported::Outcome;
pub use secrets::OldSecrets;

/// Kinds of rows that are taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are called as at the old server")]
pub enum Kind {
    Account,
    GithubUser,
    AccountPushToken,
    UserRelationship,
    UserFeedItem,
    UserKVStore,
    ServiceAccountToken,
    Machine,
    Artifact,
    Session,
    AccessKey,
    SessionMessage,
    UsageReport,
}

/// Takes rows over.
#[derive(Debug)]
pub struct Importer {
    state: Database,
    seals: item::Seals,
}

impl Importer {
    /// Into `state`; what is sealed is opened with `old`, if that is known, and sealed in `vault`.
    #[must_use]
    pub fn new(state: Database, vault: Vault, old: Option<OldSecrets>) -> Self {
        Self { state, seals: item::Seals { vault, old } }
    }

    /// From now on tokens of the old server are good for the accounts that came from there; whether that is new. `false` also
    /// without its secret.
    pub async fn trust_tokens(&self) -> Result<bool, Error> {
        let Some(old) = &self.seals.old else { return Ok(false) };
        let key = old.public_key();
        let added = self.state.write(move |conn| {
            let sql = "INSERT INTO sync_imported_keys (public_key, imported_at) VALUES ($1, $2)
                       ON CONFLICT (public_key) DO NOTHING";
            conn.execute(sql, &[v(&key), v(clock::now_micros())])
        });
        Ok(added.await.map_err(|error: store::Error| Error::from(error))? > 0)
    }

    /// Takes over rows of one kind, each after the rows it refers to.
    pub async fn take(&self, kind: Kind, rows: Vec<Box<RawValue>>) -> Result<Vec<Outcome>, Error> {
        match kind {
            Kind::Account => self.take_all::<account::Account>(rows).await,
            Kind::GithubUser => self.take_all::<github::GithubUser>(rows).await,
            Kind::AccountPushToken => self.take_all::<push_token::PushToken>(rows).await,
            Kind::UserRelationship => self.take_all::<people::Relationship>(rows).await,
            Kind::UserFeedItem => self.take_all::<people::FeedItem>(rows).await,
            Kind::UserKVStore => self.take_all::<kv::Entry>(rows).await,
            Kind::ServiceAccountToken => self.take_all::<vendor::VendorToken>(rows).await,
            Kind::Machine => self.take_all::<machine::Machine>(rows).await,
            Kind::Artifact => self.take_all::<artifact::Artifact>(rows).await,
            Kind::Session => self.take_all::<session::Session>(rows).await,
            Kind::AccessKey => self.take_all::<access_key::AccessKey>(rows).await,
            Kind::SessionMessage => self.take_all::<message::Message>(rows).await,
            Kind::UsageReport => self.take_all::<usage::UsageReport>(rows).await,
        }
    }

    /// Counts what the accounts keep that were taken over, once their rows are here.
    pub async fn recount(&self) -> Result<(), Error> {
        let sql = "SELECT id FROM sync_accounts WHERE imported = 1 ORDER BY id";
        let read = |conn: &mut Conn<'_>| conn.query(sql, &[], |row| Ok::<_, Error>(row.string(0)?));
        // One at a time, because others write in between.
        for account in self.state.read(read).await? {
            self.state.write(move |conn| recount(conn, &account)).await?;
        }
        Ok(())
    }

    async fn take_all<T: Batch<Context = item::Seals, Error = Error>>(
        &self,
        rows: Vec<Box<RawValue>>,
    ) -> Result<Vec<Outcome>, Error> {
        take_all::<T>(&self.state, &self.seals, rows).await
    }
}
