//! The scripts as rows: what can be done with them without running any, and so without secrets.

use events::{Event, EventLog, Kind, kinds};
use serde_json::json;
use store::{Conn, Database, v};

use crate::script::COLUMNS;
use crate::{Error, FileProblem, Script, problem, version};

/// The table of scripts. Cheap to clone.
#[derive(Clone)]
pub struct ScriptTable {
    state: Database,
    events: EventLog,
}

impl ScriptTable {
    /// The scripts in the durable database, which was opened with [`SCHEMA`](crate::SCHEMA).
    #[must_use]
    pub fn new(state: &Database, events: EventLog) -> Self {
        Self { state: state.clone(), events }
    }

    /// All of them by id, or those for `suffix`.
    pub async fn list(&self, suffix: Option<&str>) -> Result<Vec<Script>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM appview_scripts ORDER BY id");
        let mut scripts = self.state.read(move |conn| conn.query(&sql, &[], Script::from_row)).await?;
        scripts.retain(|script| {
            suffix.is_none_or(|suffix| script.id.split_once(':').is_some_and(|(_, of)| of == suffix))
        });
        Ok(scripts)
    }

    /// The one with this trigger.
    pub async fn get(&self, id: &str) -> Result<Option<Script>, Error> {
        let id = id.to_owned();
        Ok(self.state.read(move |conn| Script::find(conn, &id)).await?)
    }

    /// Removes a script, unless it comes from a file; whether there was one. `actor` is the DID of whoever does.
    pub async fn remove(&self, id: &str, actor: Option<&str>) -> Result<bool, Error> {
        self.remove_if(id, actor, Script::must_be_by_hand).await
    }

    /// Removes a script wherever it comes from. A file that is still there brings it back when it changes, or when the server
    /// that watches its folder starts again.
    pub async fn remove_anyway(&self, id: &str, actor: Option<&str>) -> Result<bool, Error> {
        self.remove_if(id, actor, |_| Ok(())).await
    }

    /// Files of the folder that are not in effect, by name.
    pub async fn problems(&self) -> Result<Vec<FileProblem>, Error> {
        Ok(self.state.read(problem::all).await?)
    }

    async fn remove_if(
        &self,
        id: &str,
        actor: Option<&str>,
        may: impl Fn(&Script) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<bool, Error> {
        let key = id.to_owned();
        let write = move |conn: &mut Conn<'_>| {
            version::lock(conn)?;
            let Some(script) = Script::find(conn, &key)? else { return Ok(false) };
            may(&script)?;
            conn.execute("DELETE FROM appview_scripts WHERE id = $1", &[v(&key)])?;
            version::next(conn)?;
            Ok::<_, Error>(true)
        };
        let removed = self.state.write(write).await?;
        if removed {
            self.record(kinds::SCRIPT_DELETED, id, actor);
        }
        Ok(removed)
    }

    pub(crate) fn record(&self, kind: Kind, id: &str, actor: Option<&str>) {
        let detail = json!({ "script_type": "lua" });
        self.events.record(Event::new(kind).actor(actor).subject(id).detail(detail));
    }
}
