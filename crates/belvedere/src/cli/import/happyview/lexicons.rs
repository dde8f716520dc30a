//! Lexicons.

use anyhow::Result;
use appview::{ImportedLexicon, Lexicons, NewLexicon, Source};
use atproto::Did;

use super::kind::Kind;
use super::run::{Run, Taken, settled};
use super::times::micros;

impl Run<'_> {
    /// The NSIDs of those that there were.
    pub(super) async fn lexicons(&mut self) -> Result<Vec<String>> {
        let mut kind = Kind::new("lexicons");
        let handle = Lexicons::open(&self.target.store).recorded_in(self.log.clone());
        let existing = self.existing;
        let mut ids = Vec::new();
        let take = async |lexicon: happyview::Lexicon, kind: &mut Kind| {
            let id = lexicon.id.clone();
            ids.push(id.clone());
            let help =
                || format!("correct it and add it: belvedere lexicon add FILE, or {id} from the network");
            let Ok(token_cost) = lexicon.token_cost.map(u32::try_from).transpose() else {
                return Ok(Taken::skipped("its token_cost is no number of tokens", help()));
            };
            match handle.import(imported(lexicon, token_cost), existing).await {
                Ok((done, outcome)) => {
                    for warning in outcome.into_iter().flat_map(|outcome| outcome.warnings) {
                        kind.note(&id, warning);
                    }
                    Ok(Taken::Done(done))
                }
                Err(error) => settled(Err(error), help),
            }
        };
        let items = self.source.lexicons();
        self.each(&mut kind, items, |lexicon| lexicon.id.clone(), take).await?;
        self.report.add(kind);
        Ok(ids)
    }
}

fn imported(lexicon: happyview::Lexicon, token_cost: Option<u32>) -> ImportedLexicon {
    ImportedLexicon {
        id: lexicon.id,
        new: NewLexicon {
            backfill: lexicon.backfill,
            target_collection: lexicon.target_collection,
            action: lexicon.action,
            token_cost,
            ..NewLexicon::new(lexicon.json)
        },
        revision: lexicon.revision,
        source: if lexicon.is_network { Source::Network } else { Source::Manual },
        authority: lexicon.authority_did.and_then(|did| Did::parse(&did).ok()),
        last_fetched_at: micros(lexicon.last_fetched_at),
        created_at: micros(lexicon.created_at),
        updated_at: micros(lexicon.updated_at),
    }
}
