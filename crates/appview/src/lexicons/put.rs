//! Adding and replacing a lexicon by hand.

use atproto::Nsid;
use atproto::lexicon::{Lexicon, LexiconType};
use events::{Kind, kinds};
use store::Conn;

use super::upsert::{Row, upsert};
use super::{Action, Lexicons, Source, StoredLexicon, Validation, catalogue_version, find, stored};
use crate::Error;

/// A lexicon as the operator gives it, unchecked.
#[derive(Clone, Debug)]
pub struct NewLexicon {
    /// The lexicon document; kept byte for byte.
    pub json: String,
    /// Whether a record collection's history is wanted.
    pub backfill: bool,
    /// NSID of the collection that a query reads or a procedure writes.
    pub target_collection: Option<String>,
    /// `create`, `update` or `delete`; absent: the call decides.
    pub action: Option<String>,
    /// Rate-limit tokens per call; absent: the default of its type.
    pub token_cost: Option<u32>,
    /// `off`, `get` or `get+list`: what of a record collection may be asked for when it is not here; absent: the setting of
    /// the server.
    pub read_through: Option<String>,
    /// `off`, `flag` or `reject`: what becomes of records, and of inputs of a procedure, that are not what the lexicon says;
    /// absent: `off`.
    pub validation: Option<String>,
}

impl NewLexicon {
    /// A lexicon with the default attributes.
    #[must_use]
    pub fn new(json: impl Into<String>) -> Self {
        Self {
            json: json.into(),
            backfill: true,
            target_collection: None,
            action: None,
            token_cost: None,
            read_through: None,
            validation: None,
        }
    }
}

/// What became of a lexicon that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutOutcome {
    /// Its NSID.
    pub id: Nsid,
    /// 1 if it is new.
    pub revision: i64,
    /// Whether it is new, as opposed to a replacement.
    pub created: bool,
    /// What it is for.
    pub kind: LexiconType,
    /// Whether the collection's records from before are wanted and were not before: time to fetch them.
    pub history_wanted: bool,
    /// What other software may object to, in sentences.
    pub warnings: Vec<String>,
}

impl PutOutcome {
    /// `backfill` is the lexicon's attribute, `old` what it replaces.
    pub(super) fn new(lexicon: &Lexicon, revision: i64, backfill: bool, old: Option<&StoredLexicon>) -> Self {
        let is_wanted = backfill && lexicon.kind() == LexiconType::Record;
        Self {
            id: lexicon.id().clone(),
            revision,
            // A row that is removed and added again starts over.
            created: revision == 1,
            kind: lexicon.kind(),
            history_wanted: is_wanted && !old.is_some_and(StoredLexicon::wants_history),
            warnings: lexicon.warnings().to_vec(),
        }
    }

    pub(super) fn event(&self) -> Kind {
        if self.created { kinds::LEXICON_CREATED } else { kinds::LEXICON_UPDATED }
    }
}

impl Lexicons {
    /// Adds a lexicon, or replaces the one with its NSID together with all attributes.
    pub async fn put(&self, new: NewLexicon) -> Result<PutOutcome, Error> {
        let lexicon = Lexicon::parse(&new.json)?;
        let validation = new.validation.as_deref().map_or(Ok(Validation::Off), str::parse)?;
        validation.check(&lexicon)?;
        let row = Row {
            id: lexicon.id().clone(),
            json: new.json,
            kind: lexicon.kind().to_string(),
            backfill: new.backfill,
            target_collection: target_collection(new.target_collection.as_deref())?,
            action: new.action.as_deref().map(str::parse::<Action>).transpose()?,
            token_cost: new.token_cost.map(i64::from),
            read_through: new.read_through.as_deref().map(stored::read_through).transpose()?,
            validation,
            source: Source::Manual,
            authority_did: None,
            authority_rev: None,
        };
        let write = move |conn: &mut Conn<'_>| {
            catalogue_version::lock(conn)?;
            let old = find(conn, row.id.as_str())?;
            Ok::<_, Error>((upsert(conn, &row)?, old))
        };
        let (revision, old) = self.state.write(write).await?;
        let outcome = PutOutcome::new(&lexicon, revision, new.backfill, old.as_ref());
        self.record(outcome.event(), outcome.id.as_str(), revision, Source::Manual);
        Ok(outcome)
    }
}

/// The NSID in its normal form.
pub(super) fn target_collection(text: Option<&str>) -> Result<Option<String>, Error> {
    let collection = text.map(Nsid::parse).transpose().map_err(Error::TargetCollection)?;
    Ok(collection.map(|collection| collection.to_string()))
}
