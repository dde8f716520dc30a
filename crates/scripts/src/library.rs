//! The scripts in memory, compiled: what every event and request asks, without a lock and without the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use lua::Program;
use serde_json::value::RawValue;
use store::{Conn, v};
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::script::COLUMNS;
use crate::{Error, On, Script, Scripts, Trigger, variables, version};

/// How long a change made elsewhere may go unnoticed. A look costs one row.
const INTERVAL: Duration = Duration::from_millis(250);

/// All scripts by trigger, and the variables. Cheap to clone; clones show the same.
///
/// A reader sees one consistent state and never waits. The state follows the tables: [`refresh`](Self::refresh) is called after
/// each change made here and, by a background task, whenever another process made one.
#[derive(Clone)]
pub struct Library {
    shared: Arc<Shared>,
}

struct Shared {
    scripts: Scripts,
    loaded: ArcSwap<Loaded>,
    /// The version of `loaded`. Locked while refreshing, so that an older state never replaces a newer one.
    version: Mutex<i64>,
}

struct Loaded {
    programs: HashMap<Trigger, Program>,
    variables: Arc<RawValue>,
}

impl Library {
    /// Loads and compiles all scripts.
    pub async fn load(scripts: Scripts) -> Result<Self, Error> {
        let loaded = ArcSwap::from_pointee(Loaded {
            programs: HashMap::new(),
            variables: RawValue::NULL.to_owned().into(),
        });
        let library = Self { shared: Arc::new(Shared { scripts, loaded, version: Mutex::new(-1) }) };
        library.refresh().await?;
        Ok(library)
    }

    /// The tables behind it.
    #[must_use]
    pub fn scripts(&self) -> &Scripts {
        &self.shared.scripts
    }

    /// The script of a trigger.
    #[must_use]
    pub fn program(&self, trigger: &Trigger) -> Option<Program> {
        self.shared.loaded.load().programs.get(trigger).cloned()
    }

    /// The script for an action on a record: one for exactly that action, else the one for all.
    #[must_use]
    pub fn record_program(&self, on: On, collection: &atproto::Nsid) -> Option<(Trigger, Program)> {
        let loaded = self.shared.loaded.load();
        [on, On::Index].into_iter().find_map(|on| {
            let trigger = Trigger::Record(on, collection.clone());
            loaded.programs.get(&trigger).cloned().map(|program| (trigger, program))
        })
    }

    /// The variables, as one JSON object.
    #[must_use]
    pub fn variables(&self) -> Arc<RawValue> {
        Arc::clone(&self.shared.loaded.load().variables)
    }

    /// Takes over what has changed in the tables. When it returns, everything committed before the call is in effect.
    pub async fn refresh(&self) -> Result<(), Error> {
        let mut version = self.shared.version.lock().await;
        let scripts = &self.shared.scripts;
        let known = *version;
        let Some(changes) = scripts.state.read(move |conn| changes(conn, known)).await? else {
            return Ok(());
        };
        let mut programs = self.shared.loaded.load().programs.clone();
        programs.retain(|trigger, _| changes.present.contains(&trigger.to_string()));
        for script in changes.changed {
            let Ok(trigger) = script.id.parse::<Trigger>() else { continue };
            match scripts.engine().compile(&script.id, &script.body).await {
                Ok(program) => drop(programs.insert(trigger, program)),
                // It was tried when it was stored, so it depends on something outside.
                Err(error) => {
                    warn!(script = script.id, %error, "a script cannot be loaded; its trigger does nothing until it can");
                    programs.remove(&trigger);
                }
            }
        }
        let variables = serde_json::value::to_raw_value(&scripts.opened(changes.variables)?);
        let variables = variables.unwrap_or_else(|_| RawValue::NULL.to_owned());
        self.shared.loaded.store(Arc::new(Loaded { programs, variables: variables.into() }));
        *version = changes.version;
        Ok(())
    }

    /// Refreshes until cancelled. While the database does not answer, the scripts stay as they are.
    pub async fn follow(self, stop: CancellationToken) {
        let mut ticks = interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            match self.refresh().await {
                Ok(()) => failing = false,
                // Once per outage, not four times a second.
                Err(error) if !failing => {
                    failing = true;
                    warn!(%error, "scripts cannot be refreshed; running those known");
                }
                Err(_) => {}
            }
        }
    }
}

/// The difference between a version and the present.
struct Changes {
    version: i64,
    /// Every script there is; others are gone.
    present: Vec<String>,
    /// Those that were added or replaced.
    changed: Vec<Script>,
    variables: Vec<variables::Sealed>,
}

/// `None` if there are none.
fn changes(conn: &mut Conn<'_>, known: i64) -> Result<Option<Changes>, store::Error> {
    let current = version::current(conn)?;
    if current == known {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS} FROM appview_scripts WHERE version > $1");
    Ok(Some(Changes {
        version: current,
        changed: conn.query(&sql, &[v(known)], Script::from_row)?,
        present: conn.query("SELECT id FROM appview_scripts", &[], |row| row.string(0))?,
        variables: variables::sealed(conn)?,
    }))
}
