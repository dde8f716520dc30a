//! Network lexicons: added by NSID, kept in step with what their publisher says.

use atproto::lexicon::Lexicon;
use atproto::{Did, Nsid, Tid};
use store::{Conn, v};

use super::put::target_collection;
use super::upsert::{Row, upsert};
use super::{Action, Lexicons, PutOutcome, Source, StoredLexicon, catalogue_version, find};
use crate::Error;
use crate::timestamp::now_micros;

/// A lexicon as its publisher has it, wherever that was learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The NSID it is published under, which is its record key.
    pub nsid: Nsid,
    /// Whose repository it is in.
    pub authority_did: Did,
    /// The document.
    pub json: String,
    /// The revision of the repository it is from, or an earlier one; `None` if that could not be learnt.
    pub rev: Option<Tid>,
}

/// How something was heard of a publisher, which decides whom to believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// In the stream, where anybody may publish anything: only the known authority counts.
    InStream,
    /// By asking DNS who the authority is: it may be another one than before.
    ByAsking,
}

/// What became of something heard of a publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SyncOutcome {
    /// Not one of ours.
    NotTracked,
    /// Nothing new, or something old.
    Unchanged,
    /// A new revision.
    Replaced,
}

impl Published {
    /// Parses the document, which must define the NSID it is published under.
    pub(crate) fn parse(&self) -> Result<Lexicon, Error> {
        let lexicon = Lexicon::parse(&self.json)?;
        if lexicon.id() == &self.nsid {
            return Ok(lexicon);
        }
        Err(Error::WrongId { expected: self.nsid.to_string(), found: lexicon.id().to_string() })
    }

    /// Whether `stored` has already heard something newer: what was fetched may be overtaken by the stream.
    fn is_older_than(&self, stored: &StoredLexicon) -> bool {
        let comparable = stored.authority_did.as_deref() == Some(self.authority_did.as_str());
        comparable
            && matches!((self.rev, stored.authority_rev), (Some(ours), Some(theirs)) if ours.as_i64() < theirs)
    }

    /// The newest revision that either has heard of.
    fn newest_rev(&self, stored: &StoredLexicon) -> Option<i64> {
        let comparable = stored.authority_did.as_deref() == Some(self.authority_did.as_str());
        self.rev.map(Tid::as_i64).max(stored.authority_rev.filter(|_| comparable))
    }
}

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
                let old = find(conn, published.nsid.as_str())?;
                let row = merged(&published, kind, old, collection.clone());
                Ok::<_, Error>((upsert(conn, &row)?, row.backfill))
            })
            .await?;
        Ok(PutOutcome::new(&lexicon, revision, backfill))
    }

    /// Takes over what was heard of a network lexicon. Hearing the same again, or something older, changes nothing.
    pub(crate) async fn sync(&self, published: Published, heard: Heard) -> Result<SyncOutcome, Error> {
        let lexicon = published.parse()?;
        self.state.write(move |conn| sync(conn, &published, &lexicon, heard)).await
    }

    /// Removes a network lexicon because its publisher did, at the revision `rev` of their repository; whether it was
    /// one of ours and is not known to be published again.
    pub(crate) async fn withdraw(&self, nsid: &Nsid, authority: &Did, rev: Tid) -> Result<bool, Error> {
        const SQL: &str =
            "DELETE FROM appview_lexicons WHERE id = $1 AND source = 'network' AND authority_did = $2
                           AND (authority_rev IS NULL OR authority_rev < $3)";
        let (nsid, authority) = (nsid.clone(), authority.clone());
        self.state
            .write(move |conn| {
                let params = [v(nsid.as_str()), v(authority.as_str()), v(rev.as_i64())];
                let removed = conn.execute(SQL, &params)? > 0;
                if removed {
                    catalogue_version::next(conn)?;
                }
                Ok(removed)
            })
            .await
    }

    /// Whether `nsid` is a network lexicon with this authority.
    pub(crate) async fn is_tracked(&self, nsid: &Nsid, authority: &Did) -> Result<bool, Error> {
        const SQL: &str =
            "SELECT 1 FROM appview_lexicons WHERE id = $1 AND source = 'network' AND authority_did = $2";
        let (nsid, authority) = (nsid.clone(), authority.clone());
        self.state
            .read(move |conn| {
                Ok(conn
                    .query_opt(SQL, &[v(nsid.as_str()), v(authority.as_str())], |row| row.int(0))?
                    .is_some())
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
        action: None::<Action>,
        token_cost: None,
        source: Source::Network,
        authority_did: Some(published.authority_did.to_string()),
        authority_rev: published.rev.map(Tid::as_i64),
    };
    if let Some(old) = old {
        row.backfill = old.backfill;
        row.target_collection = row.target_collection.or_else(|| old.target_collection.clone());
        row.action = old.action;
        row.token_cost = old.token_cost;
        row.authority_rev = published.newest_rev(&old);
        if published.is_older_than(&old) {
            (row.json, row.kind) = (old.json, old.kind);
        }
    }
    row
}

fn sync(
    conn: &mut Conn<'_>,
    published: &Published,
    lexicon: &Lexicon,
    heard: Heard,
) -> Result<SyncOutcome, Error> {
    const TOUCH: &str =
        "UPDATE appview_lexicons SET authority_did = $2, authority_rev = $3, last_fetched_at = $4
                         WHERE id = $1";
    const REPLACE: &str =
        "UPDATE appview_lexicons SET revision = revision + 1, lexicon_json = $2, lexicon_type = $3,
                           updated_at = $4, version = $5 WHERE id = $1";
    let id = published.nsid.as_str();
    let stored = find(conn, id)?.filter(|stored| stored.source == Source::Network);
    let Some(stored) = stored else { return Ok(SyncOutcome::NotTracked) };
    if heard == Heard::InStream && stored.authority_did.as_deref() != Some(published.authority_did.as_str()) {
        return Ok(SyncOutcome::NotTracked);
    }
    if published.is_older_than(&stored) {
        return Ok(SyncOutcome::Unchanged);
    }
    let (rev, now) = (published.newest_rev(&stored), now_micros());
    conn.execute(TOUCH, &[v(id), v(published.authority_did.as_str()), v(rev), v(now)])?;
    if is_same(&stored.json, published, lexicon) {
        return Ok(SyncOutcome::Unchanged);
    }
    let version = catalogue_version::next(conn)?;
    let kind = lexicon.kind().as_str();
    conn.execute(REPLACE, &[v(id), v(&published.json), v(kind), v(now), v(version)])?;
    catalogue_version::check_bounds(conn)?;
    Ok(SyncOutcome::Replaced)
}

/// Whether the stored document says the same: streams and hosts order and space JSON differently.
fn is_same(stored: &str, published: &Published, lexicon: &Lexicon) -> bool {
    stored == published.json
        || Lexicon::parse(stored).is_ok_and(|stored| stored.document() == lexicon.document())
}
