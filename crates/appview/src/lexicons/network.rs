//! Network lexicons: added by NSID, from their publisher.

use std::collections::HashMap;

use atproto::Tid;

use super::put::target_collection;
use super::upsert::{Row, upsert};
use super::{Lexicons, Published, PutOutcome, Source, StoredLexicon, Validation, catalogue_version, find};
use crate::Error;

impl Lexicons {
    /// Adds a network lexicon, or makes the lexicon with this NSID one. Attributes it has already stay, except a
    /// `collection` and a `validation` that are given.
    pub async fn put_network(
        &self,
        published: Published,
        collection: Option<&str>,
        validation: Option<Validation>,
    ) -> Result<PutOutcome, Error> {
        let lexicon = published.parse()?;
        if let Some(validation) = validation {
            validation.check(&lexicon)?;
        }
        let collection = target_collection(collection)?;
        let kind = lexicon.kind().as_str();
        let (revision, backfill, old) = self
            .state
            .write(move |conn| {
                catalogue_version::lock(conn)?;
                let old = find(conn, published.nsid.as_str())?;
                let mut row = merged(&published, kind, old.as_ref(), collection.clone());
                row.validation = validation.unwrap_or(row.validation);
                Ok::<_, Error>((upsert(conn, &row)?, row.backfill, old))
            })
            .await?;
        let outcome = PutOutcome::new(&lexicon, revision, backfill, old.as_ref());
        self.record(outcome.event(), outcome.id.as_str(), revision, Source::Network);
        Ok(outcome)
    }

    /// The authority of every network lexicon, by NSID.
    pub(crate) async fn authorities(&self) -> Result<HashMap<String, String>, store::Error> {
        const SQL: &str = "
            SELECT id, authority_did FROM appview_lexicons WHERE source = 'network' AND authority_did IS NOT NULL";
        let found = self
            .state
            .read(|conn| conn.query(SQL, &[], |row| Ok::<_, store::Error>((row.string(0)?, row.string(1)?))));
        Ok(found.await?.into_iter().collect())
    }

    /// The NSIDs of all network lexicons.
    pub(crate) async fn tracked(&self) -> Result<Vec<String>, Error> {
        const SQL: &str = "SELECT id FROM appview_lexicons WHERE source = 'network' ORDER BY id";
        self.state.read(|conn| Ok(conn.query(SQL, &[], |row| row.string(0))?)).await
    }
}

/// What the row becomes when an operator asks for the network lexicon.
fn merged(published: &Published, kind: &str, old: Option<&StoredLexicon>, collection: Option<String>) -> Row {
    let mut row = Row {
        id: published.nsid.clone(),
        json: published.json.clone(),
        kind: kind.to_owned(),
        backfill: true,
        target_collection: collection,
        action: None,
        token_cost: None,
        read_through: None,
        validation: Validation::Off,
        source: Source::Network,
        authority_did: Some(published.authority_did.to_string()),
        authority_rev: published.rev.map(Tid::as_i64),
    };
    let Some(old) = old else { return row };
    row.backfill = old.backfill;
    row.action = old.action;
    row.token_cost = old.token_cost;
    row.read_through = old.read_through;
    row.validation = old.validation;
    row.authority_rev = published.newest_rev(old);
    if published.is_older_than(old) {
        (row.json, row.kind) = (old.json.clone(), old.kind.clone());
    }
    row.target_collection = row.target_collection.or_else(|| old.target_collection.clone());
    row
}
