//! Scripts and what they are told.

use ::scripts::{NewScript, Scripts, Trigger};
use accounts::Existing;
use anyhow::Result;
use appview::offline_engine;

use super::kind::Kind;
use super::run::{Run, Taken, settled};
use super::times::times;

impl Run<'_> {
    pub(super) async fn script_variables(&mut self) -> Result<()> {
        let mut kind = Kind::new("script variables");
        let (handle, existing) = (self.script_handle(), self.existing);
        let take = async |variable: happyview::ScriptVariable, _: &mut Kind| {
            let help = || format!("set it: belvedere variable set {}", variable.key);
            let times = times(variable.created_at, variable.updated_at);
            match &variable.value {
                Ok(value) => {
                    settled(handle.import_variable(&variable.key, value, times, existing).await, help)
                }
                Err(closed) => Ok(Taken::skipped(closed, help())),
            }
        };
        let items = self.source.script_variables();
        self.each(&mut kind, items, |variable| variable.key.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }

    /// Those by trigger first: where a lexicon has one in a column, too, that one is older.
    pub(super) async fn scripts(&mut self) -> Result<()> {
        let mut kind = Kind::new("scripts");
        let (handle, existing) = (self.script_handle(), self.existing);
        let take = async |script: happyview::Script, _: &mut Kind| put(&handle, script, existing).await;
        let items = self.source.scripts();
        self.each(&mut kind, items, |script| script.trigger.clone(), take).await?;
        self.report.add(kind);
        self.scripts_of_lexicons(&handle).await
    }

    async fn scripts_of_lexicons(&mut self, handle: &Scripts) -> Result<()> {
        let mut kind = Kind::new("scripts of lexicons");
        // One that is in the table of scripts is newer, also where all else is replaced.
        let is_older = self.source.scripts().count().await? > 0;
        let existing = if is_older { Existing::Keep } else { self.existing };
        let mut items = self.source.lexicon_scripts();
        while let Some(page) = self.next_page(&mut kind, &mut items).await? {
            for script in page.into_iter().flat_map(|lexicon| lexicon.scripts) {
                let trigger = script.trigger.clone();
                self.took(&mut kind, &trigger, put(handle, script, existing).await)?;
            }
        }
        self.report.add(kind);
        Ok(())
    }

    fn script_handle(&self) -> Scripts {
        let Self { target, log, .. } = self;
        Scripts::open(&target.store, target.vault.clone(), log.clone(), offline_engine())
    }
}

async fn put(handle: &Scripts, script: happyview::Script, existing: Existing) -> Result<Taken> {
    let help = match script.trigger.parse::<Trigger>() {
        Ok(trigger) => format!("correct it and add it: belvedere script add {trigger} FILE"),
        Err(_) => "add it with a trigger that there is: belvedere script add --help".to_owned(),
    };
    let times = times(script.created_at, script.updated_at);
    let new = NewScript {
        id: script.trigger,
        script_type: script.script_type,
        body: script.body,
        description: script.description,
    };
    settled(handle.import(new, times, existing).await, || help)
}
