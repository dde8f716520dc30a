//! A folder of scripts: what its files say is in effect, and follows when they change.
//!
//! The folder is looked at twice a second rather than watched by the kernel: changes behind network and container mounts
//! wake nobody, links to the folder of the day are swapped under it, and a look at a few names costs next to nothing. Scripts
//! live in the table like all others, so every instance has them, and nothing is read while an event or a request waits.

mod content;
mod name;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clock::now_micros;
use events::{Event, kinds};
use serde_json::json;
use store::Conn;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{Error, FileProblem, Library, NewScript, Trigger, problem};
use content::Content;
use watch::{Change, Watch};

/// Between two looks; a change is in effect after two or three.
const PERIOD: Duration = Duration::from_millis(500);

/// Looks that have to succeed before scripts without a file go: by then it is known which there are.
const LOOKS_FOR_A_START: u8 = 2;

/// The folder, and what was made of its files.
///
/// Only what changes in the folder is written. Instances whose folders differ do not undo each other's work again and again: the
/// last change counts.
pub struct Folder {
    library: Library,
    dir: PathBuf,
    watch: Watch,
    looks: u8,
    /// What is wrong with the folder as a whole.
    trouble: Option<String>,
}

impl Folder {
    /// Puts what is in the folder into effect. A folder that cannot be read is tried again by [`follow`](Self::follow), and the
    /// scripts stay what they are until then.
    pub async fn open(library: Library, dir: PathBuf) -> Result<Self, Error> {
        let state = &library.scripts().state;
        state.write(problem::clear).await?;
        let mut folder = Self { library, dir, watch: Watch::default(), looks: 0, trouble: None };
        for _ in 0..LOOKS_FOR_A_START {
            folder.round().await?;
        }
        Ok(folder)
    }

    /// Looks until cancelled. While the database does not answer, changes wait.
    pub async fn follow(mut self, stop: CancellationToken) {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            match self.round().await {
                Ok(()) => failing = false,
                // Once per outage, not twice a second.
                Err(error) if !failing => {
                    failing = true;
                    warn!(%error, "the folder of scripts cannot be followed; will go on trying");
                }
                Err(_) => {}
            }
        }
    }

    async fn round(&mut self) -> Result<(), Error> {
        let (mut watch, dir) = (std::mem::take(&mut self.watch), self.dir.clone());
        let looking = tokio::task::spawn_blocking(move || {
            let changes = watch.look(&dir);
            (watch, changes)
        });
        // It ends with an error only if it panicked, or the runtime ends: then everything is looked at anew.
        let Ok((watch, changes)) = looking.await else { return Ok(()) };
        self.watch = watch;
        let changes = match changes {
            Ok(changes) => changes,
            Err(trouble) => return self.cannot_look(trouble).await,
        };
        if self.trouble.take().is_some() {
            self.forget("").await?;
        }
        for change in &changes {
            self.apply(change).await?;
            self.watch.done(change);
        }
        if self.looks < LOOKS_FOR_A_START {
            self.looks += 1;
            if self.looks == LOOKS_FOR_A_START {
                self.remove_orphans().await?;
            }
        }
        if changes.is_empty() { Ok(()) } else { self.library.refresh().await }
    }

    async fn apply(&self, Change { file, content }: &Change) -> Result<(), Error> {
        let trigger = name::trigger(file);
        let (text, trigger) = match (content, trigger) {
            (Content::Gone, Ok(trigger)) => return self.gone(file, &trigger).await,
            (Content::Gone, Err(_)) => return self.forget(file).await,
            (Content::Unusable(reason), trigger) => {
                return self.refuse(file, trigger.ok().as_ref(), reason.clone()).await;
            }
            (Content::Text(_), Err(reason)) => return self.refuse(file, None, reason).await,
            (Content::Text(text), Ok(trigger)) => (text, trigger),
        };
        let new = NewScript {
            id: trigger.to_string(),
            script_type: "lua".to_owned(),
            body: text.clone(),
            description: name::description(text),
        };
        match self.library.scripts().put_file(new, file).await {
            Ok(is_new) => {
                if is_new {
                    info!(file, %trigger, "a script follows its file");
                }
                self.forget(file).await
            }
            Err(Error::Store(error)) => Err(error.into()),
            Err(error) => self.refuse(file, Some(&trigger), error.to_string()).await,
        }
    }

    async fn gone(&self, file: &str, trigger: &Trigger) -> Result<(), Error> {
        let (table, id) = (self.library.scripts().table(), trigger.to_string());
        if table.get(&id).await?.is_some_and(|script| script.file.as_deref() == Some(file)) {
            table.remove_anyway(&id, None).await?;
            info!(file, %trigger, "a script goes with its file");
        }
        self.forget(file).await
    }

    /// Scripts whose files went while nobody looked.
    async fn remove_orphans(&self) -> Result<(), Error> {
        let table = self.library.scripts().table();
        let mut went = false;
        for script in table.list(None).await? {
            if let Some(file) = script.file.as_deref().filter(|file| !self.watch.knows(file)) {
                went |= table.remove_anyway(&script.id, None).await?;
                info!(file, trigger = script.id, "a script goes with its file");
            }
        }
        if went { self.library.refresh().await } else { Ok(()) }
    }

    /// The file is not put into effect; what is, stays.
    async fn refuse(&self, file: &str, trigger: Option<&Trigger>, reason: String) -> Result<(), Error> {
        let id = trigger.map(Trigger::to_string);
        let problem = FileProblem {
            file: file.to_owned(),
            trigger: id.clone(),
            error: reason.clone(),
            noticed_at: now_micros(),
        };
        let scripts = self.library.scripts();
        scripts.state.write(move |conn: &mut Conn<'_>| problem.put(conn)).await?;
        error!(
            file,
            trigger = id,
            error = reason,
            "what is in the folder of scripts is not in effect; what was, is"
        );
        let subject = id.as_deref().unwrap_or(if file.is_empty() { "scripts_dir" } else { file });
        let detail = json!({ "error": reason, "file": file });
        scripts.events.record(Event::new(kinds::SCRIPT_ERROR).subject(subject).detail(detail));
        Ok(())
    }

    async fn cannot_look(&mut self, trouble: String) -> Result<(), Error> {
        if self.trouble.as_ref() == Some(&trouble) {
            return Ok(());
        }
        self.refuse("", None, trouble.clone()).await?;
        self.trouble = Some(trouble);
        Ok(())
    }

    /// Nothing is wrong with the file any more.
    async fn forget(&self, file: &str) -> Result<(), Error> {
        let (state, file) = (&self.library.scripts().state, file.to_owned());
        Ok(state.write(move |conn: &mut Conn<'_>| problem::remove(conn, &file)).await?)
    }
}
