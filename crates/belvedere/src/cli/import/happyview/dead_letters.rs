//! Dead letters, a page in one transaction: there may be many.

use ::scripts::{ImportedDeadLetter, Scripts};
use anyhow::Result;
use appview::offline_engine;
use happyview::{DeadLetter, Items};

use super::kind::Kind;
use super::run::{Run, Taken};
use super::times::{micros, times};

impl Run<'_> {
    pub(super) async fn dead_letters(&mut self) -> Result<()> {
        let mut kind = Kind::new("dead letters");
        for mut letters in [self.source.dead_letters(), self.source.dead_letter_hooks()] {
            self.pages(&mut kind, &mut letters).await?;
        }
        self.report.add(kind);
        Ok(())
    }

    async fn pages(&self, kind: &mut Kind, letters: &mut Items<'_, DeadLetter>) -> Result<()> {
        let vault = self.target.vault.clone();
        let handle = Scripts::open(&self.target.store, vault, self.log.clone(), offline_engine());
        while let Some(page) = self.next_page(kind, letters).await? {
            let new: Vec<_> = page.into_iter().map(imported).collect();
            let names: Vec<_> = new.iter().map(|letter| letter.id.clone()).collect();
            let outcomes = handle.import_dead_letters(new).await?;
            for (name, outcome) in names.iter().zip(outcomes) {
                let taken = match outcome {
                    Ok(imported) => Taken::Done(imported),
                    Err(problem) => Taken::Skipped { reason: problem.to_owned(), help: String::new() },
                };
                self.took(kind, name, Ok(taken))?;
            }
        }
        Ok(())
    }
}

fn imported(letter: DeadLetter) -> ImportedDeadLetter {
    ImportedDeadLetter {
        id: format!("happyview/{}", letter.id),
        script_ref: letter.script_ref,
        host_kind: letter.host_kind,
        host_id: letter.host_id,
        payload: letter.payload,
        error: letter.error,
        attempts: letter.attempts,
        times: times(letter.created_at, None),
        resolved_at: micros(letter.resolved_at),
    }
}
