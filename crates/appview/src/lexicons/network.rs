//! Network lexicons: added by NSID, from their publisher.

use atproto::{Did, Nsid, Tid};
use store::v;

use super::put::target_collection;
use super::upsert::{Row, upsert};
use super::{Lexicons, Published, PutOutcome, Source, StoredLexicon, catalogue_version, find};
use crate::Error;

impl Lexicons {
    /// Adds a network lexicon, or makes the lexicon with this NSID one. Attributes it has already stay, except a
    /// `collection` that is given.
    pub async fn put_network(
        &self,
        published: Published,
        collection: Option<&str>,
    ) -> Result<PutOutcome, Error> {
        let lexicon = published.parse()?;
        let collection = target_collection(collection)?;
        let kind = lexicon.kind().as_str();
        let (revision, backfill) = self
            .state
            .write(move |conn| {
                catalogue_version::lock(conn)?;
                let old = find(conn, published.nsid.as_str())?;
                let row = merged(&published, kind, old, collection.clone());
                Ok::<_, Error>((upsert(conn, &row)?, row.backfill))
            })
            .await?;
        let outcome = PutOutcome::new(&lexicon, revision, backfill);
        self.record(outcome.event(), outcome.id.as_str(), revision, Source::Network);
        Ok(outcome)
    }

    /// Whether `nsid` is a network lexicon with this authority.
    pub(crate) async fn is_tracked(&self, nsid: &Nsid, authority: &Did) -> Result<bool, Error> {
        const SQL: &str =
            "SELECT 1 FROM appview_lexicons WHERE id = $1 AND source = 'network' AND authority_did = $2";
        let (nsid, authority) = (nsid.clone(), authority.clone());
        self.state
            .read(move |conn| {
                let params = [v(nsid.as_str()), v(authority.as_str())];
                Ok(conn.query_opt(SQL, &params, |_| Ok::<_, Error>(()))?.is_some())
            })
            .await
    }

    /// The NSIDs of all network lexicons.
    pub(crate) async fn tracked(&self) -> Result<Vec<String>, Error> {
        const SQL: &str = "SELECT id FROM appview_lexicons WHERE source = 'network' ORDER BY id";
        self.state.read(|conn| Ok(conn.query(SQL, &[], |row| row.string(0))?)).await
    }
}

/// What the row becomes when an operator asks for the network lexicon.
fn merged(published: &Published, kind: &str, old: Option<StoredLexicon>, collection: Option<String>) -> Row {
    let mut row = Row {
        id: published.nsid.clone(),
        json: published.json.clone(),
        kind: kind.to_owned(),
        backfill: true,
        target_collection: collection,
        action: None,
        token_cost: None,
        source: Source::Network,
        authority_did: Some(published.authority_did.to_string()),
        authority_rev: published.rev.map(Tid::as_i64),
    };
    let Some(old) = old else { return row };
    row.backfill = old.backfill;
    row.action = old.action;
    row.token_cost = old.token_cost;
    row.authority_rev = published.newest_rev(&old);
    if published.is_older_than(&old) {
        (row.json, row.kind) = (old.json, old.kind);
    }
    row.target_collection = row.target_collection.or(old.target_collection);
    row
}
