//! Taking over a lexicon of another server, with everything that is said about it.

use accounts::{Existing, Imported};
use atproto::lexicon::Lexicon;
use atproto::{Did, Nsid};
use store::{Conn, v};

use super::put::target_collection;
use super::upsert::{Row, upsert};
use super::{Action, Lexicons, NewLexicon, PutOutcome, Source, Validation, catalogue_version, find};
use crate::Error;

/// A lexicon as another server kept it. Times are microseconds.
#[derive(Clone, Debug)]
pub struct ImportedLexicon {
    /// Its NSID, which the document must define.
    pub id: String,
    /// The document and its attributes.
    pub new: NewLexicon,
    /// How often it was replaced there, and once more.
    pub revision: Option<i64>,
    /// Where it came from.
    pub source: Source,
    /// Network lexicons: whose repository it is published in.
    pub authority: Option<Did>,
    /// Network lexicons: when its publisher was last heard.
    pub last_fetched_at: Option<i64>,
    /// When it was added.
    pub created_at: Option<i64>,
    /// When it last changed.
    pub updated_at: Option<i64>,
}

impl Lexicons {
    /// Takes over a lexicon: what became of it, and what follows from that if it was not kept.
    pub async fn import(
        &self,
        imported: ImportedLexicon,
        existing: Existing,
    ) -> Result<(Imported, Option<PutOutcome>), Error> {
        let lexicon = Lexicon::parse(&imported.new.json)?;
        if lexicon.id().as_str() != imported.id {
            let (expected, found) = (imported.id, lexicon.id().to_string());
            return Err(Error::WrongId { expected, found });
        }
        let (source, backfill) = (imported.source, imported.new.backfill);
        let row = imported.row(lexicon.id().clone(), lexicon.kind().to_string())?;
        let write = move |conn: &mut Conn<'_>| {
            catalogue_version::lock(conn)?;
            let old = find(conn, row.id.as_str())?;
            if old.is_some() && existing == Existing::Keep {
                return Ok((None, old));
            }
            let revision = upsert(conn, &row)?;
            if old.is_none() {
                imported.keep_times(conn)?;
            }
            Ok::<_, Error>((Some(revision), old))
        };
        let (revision, old) = self.state.write(write).await?;
        let Some(revision) = revision else { return Ok((Imported::Kept, None)) };
        let outcome = PutOutcome::new(&lexicon, revision, backfill, old.as_ref());
        self.record(outcome.event(), outcome.id.as_str(), revision, source);
        let imported = if old.is_some() { Imported::Replaced } else { Imported::Added };
        Ok((imported, Some(outcome)))
    }
}

impl ImportedLexicon {
    fn row(&self, id: Nsid, kind: String) -> Result<Row, Error> {
        let authority = self.authority.as_ref().filter(|_| self.source == Source::Network);
        Ok(Row {
            id,
            kind,
            json: self.new.json.clone(),
            backfill: self.new.backfill,
            target_collection: target_collection(self.new.target_collection.as_deref())?,
            action: self.new.action.as_deref().map(str::parse::<Action>).transpose()?,
            token_cost: self.new.token_cost.map(i64::from),
            read_through: None,
            validation: Validation::Off,
            source: self.source,
            authority_did: authority.map(Did::to_string),
            // Which version of it this is the next look at its publisher will tell.
            authority_rev: None,
        })
    }

    fn keep_times(&self, conn: &mut Conn<'_>) -> Result<(), store::Error> {
        const SQL: &str = "
            UPDATE appview_lexicons SET revision = coalesce($2, revision), created_at = coalesce($3, created_at),
                updated_at = coalesce($4, $3, updated_at), last_fetched_at = coalesce($5, last_fetched_at)
            WHERE id = $1";
        let fetched = self.last_fetched_at.filter(|_| self.source == Source::Network);
        let revision = self.revision.filter(|revision| *revision > 0);
        conn.execute(SQL, &[v(&self.id), v(revision), v(self.created_at), v(self.updated_at), v(fetched)])?;
        Ok(())
    }
}
