//! Keeping a network lexicon in step with its publisher.

use atproto::lexicon::{Lexicon, LexiconType};
use atproto::{Did, Nsid, Tid};
use events::kinds;
use store::{Conn, v};

use super::{Lexicons, Published, Source, catalogue_version, find};
use crate::Error;
use crate::timestamp::now_micros;

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
    /// There is a new text.
    Replaced {
        /// The number of the revision.
        revision: i64,
        /// Whether it asks for a collection's records from before, and the old one did not.
        history_wanted: bool,
    },
}

impl Lexicons {
    /// Takes over what was heard of a network lexicon. Hearing the same again, or something older, changes nothing.
    pub(crate) async fn sync(&self, published: Published, heard: Heard) -> Result<SyncOutcome, Error> {
        let lexicon = published.parse()?;
        let (nsid, authority) = (published.nsid.clone(), published.authority_did.clone());
        let outcome = self.state.write(move |conn| sync(conn, &published, &lexicon, heard)).await?;
        if let SyncOutcome::Replaced { revision, .. } = outcome {
            let theirs = self.on_behalf_of(Some(authority.as_str()));
            theirs.record(kinds::LEXICON_UPDATED, nsid.as_str(), revision, Source::Network);
        }
        Ok(outcome)
    }

    /// Removes a network lexicon because its publisher did, at the revision `rev` of their repository; whether it was
    /// one of ours and is not known to be published again.
    pub(crate) async fn withdraw(&self, nsid: &Nsid, authority: &Did, rev: Tid) -> Result<bool, Error> {
        const SQL: &str =
            "DELETE FROM appview_lexicons WHERE id = $1 AND source = 'network' AND authority_did = $2
                           AND (authority_rev IS NULL OR authority_rev < $3)
             RETURNING revision";
        let (id, publisher) = (nsid.clone(), authority.clone());
        let removed = self
            .state
            .write(move |conn| {
                catalogue_version::lock(conn)?;
                let params = [v(id.as_str()), v(publisher.as_str()), v(rev.as_i64())];
                let removed = conn.query_opt(SQL, &params, |row| row.int(0))?;
                if removed.is_some() {
                    catalogue_version::next(conn)?;
                }
                Ok::<_, store::Error>(removed)
            })
            .await?;
        if let Some(revision) = removed {
            let theirs = self.on_behalf_of(Some(authority.as_str()));
            theirs.record(kinds::LEXICON_DELETED, nsid.as_str(), revision, Source::Network);
        }
        Ok(removed.is_some())
    }
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
                           updated_at = $4, version = $5 WHERE id = $1 RETURNING revision";
    catalogue_version::lock(conn)?;
    let id = published.nsid.as_str();
    let stored = find(conn, id)?.filter(|stored| stored.source == Source::Network);
    let Some(stored) = stored else { return Ok(SyncOutcome::NotTracked) };
    if heard == Heard::InStream && !published.has_authority_of(&stored) {
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
    let replaced = [v(id), v(&published.json), v(kind), v(now), v(version)];
    let revision = conn.query_one::<_, store::Error>(REPLACE, &replaced, |row| row.int(0))?;
    catalogue_version::check_bounds(conn)?;
    let history_wanted = stored.backfill && lexicon.kind() == LexiconType::Record && !stored.wants_history();
    Ok(SyncOutcome::Replaced { revision, history_wanted })
}

/// Whether the stored document says the same: streams and hosts order and space JSON differently.
fn is_same(stored: &str, published: &Published, lexicon: &Lexicon) -> bool {
    stored == published.json
        || Lexicon::parse(stored).is_ok_and(|stored| stored.document() == lexicon.document())
}
